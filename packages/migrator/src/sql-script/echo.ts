import { normalizeSync } from 'libpg-query'
import { maskPassword } from '../catalog/url.ts'
import type { StatementReport } from '../execute/statements.ts'

/** Statements whose constants may be passwords. */
const secretive = new Set([
  'AlterForeignServerStmt',
  'AlterRoleStmt',
  'AlterSubscriptionStmt',
  'AlterUserMappingStmt',
  'CreateForeignServerStmt',
  'CreateRoleStmt',
  'CreateSubscriptionStmt',
  'CreateUserMappingStmt',
])

/** A statement as it may be shown: without the constants where they may be secret, without passwords in URLs. */
export function echoOf({ statement: { text, tree } }: Pick<StatementReport, 'statement'>): string {
  const shown = Object.keys(tree).some((kind) => secretive.has(kind)) ? normalizeSync(text) : text
  return `${shown.replace(/[a-z][\w+.-]*:\/\/[^\s']+/gi, maskPassword)};`
}
