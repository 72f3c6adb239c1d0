import { splitStatements } from '@manybase/schema-engine/split'
import type { Node } from 'libpg-query'
import { locate } from '../execute/code-frame.ts'
import type { Job } from '../execute/job.ts'
import { stronger } from './statements/lock-mode.ts'
import { keyOf, nameOf, type TableName } from './statements/names.ts'
import { type Touch, touchedBy } from './statements/touched.ts'

/** A statement that would be run, and where it stands. */
export interface PendingStatement {
  readonly revision: string
  readonly file: string
  readonly line: number
  readonly tree: Node
}

/** Reads the scripts of a plan by PostgreSQL's own grammar; what it refuses is a finding of the verification. */
export async function readScripts(jobs: readonly Job[]): Promise<readonly PendingStatement[]> {
  return (await Promise.all(jobs.map(readScript))).flat()
}

async function readScript({ step, file, script }: Job): Promise<readonly PendingStatement[]> {
  const statements = await splitStatements(script).catch(() => [])
  return statements.map(({ tree, offset }) => {
    const { line } = locate(script, offset + 1)
    return { revision: step.revision.name, file, line, tree }
  })
}

/** Tables that statements lock, each with its strongest lock, without those that they make themselves. */
export function tablesTouched(statements: readonly PendingStatement[], ownSchema: string): readonly Touch[] {
  const made = new Set<string>()
  const touched = new Map<string, Touch>()
  for (const { tree } of statements) {
    for (const touch of touchedBy(tree, ownSchema)) {
      const key = keyOf(touch)
      if (made.has(key)) continue
      const before = touched.get(key)
      touched.set(key, {
        ...touch,
        lock: before ? stronger(before.lock, touch.lock) : touch.lock,
        altered: touch.altered || before?.altered === true,
      })
    }
    const created = madeBy(tree, ownSchema)
    if (created) made.add(keyOf(created))
  }
  return [...touched.values()]
}

/** Tables that statements make. */
export const tablesMade = (
  statements: readonly PendingStatement[],
  ownSchema: string,
): readonly TableName[] => statements.flatMap(({ tree }) => madeBy(tree, ownSchema) ?? [])

function madeBy(tree: Node, ownSchema: string): TableName | undefined {
  if ('CreateStmt' in tree && tree.CreateStmt.relation) return nameOf(tree.CreateStmt.relation, ownSchema)
  if ('CreateTableAsStmt' in tree && tree.CreateTableAsStmt.into?.rel) {
    return nameOf(tree.CreateTableAsStmt.into.rel, ownSchema)
  }
  return undefined
}

/** Names of the extensions that the statements create. */
export const extensionsCreated = (statements: readonly PendingStatement[]): readonly string[] => [
  ...new Set(
    statements.flatMap(({ tree }) =>
      'CreateExtensionStmt' in tree ? (tree.CreateExtensionStmt.extname ?? []) : [],
    ),
  ),
]

export const createsSchema = (statements: readonly PendingStatement[]): boolean =>
  statements.some(({ tree }) => 'CreateSchemaStmt' in tree)
