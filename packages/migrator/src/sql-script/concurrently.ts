import type { Statement } from '@manybase/schema-engine/split'
import { scan } from 'libpg-query'
import { escapeIdentifier } from 'pg'

/** `CREATE INDEX CONCURRENTLY`, taken apart. */
export interface ConcurrentIndex {
  /** Unset when PostgreSQL chooses a name. */
  readonly name?: string
  /** The table as the statement names it, quoted. */
  readonly table: string
  readonly ifNotExists: boolean
  /** The same index under another name on another table; both are SQL. */
  onTable(table: string, name: string): string
}

/** Reads `CREATE INDEX CONCURRENTLY`; undefined for any other statement. */
export async function readConcurrentIndex({ text, tree }: Statement): Promise<ConcurrentIndex | undefined> {
  if (!('IndexStmt' in tree) || !tree.IndexStmt.concurrent) return undefined
  const { idxname, relation, unique, if_not_exists } = tree.IndexStmt
  if (relation?.relname === undefined) return undefined
  const rest = await afterTable(text)
  const parts = [relation.schemaname, relation.relname].filter((part) => part !== undefined)
  return {
    ...(idxname !== undefined && { name: idxname }),
    table: parts.map(escapeIdentifier).join('.'),
    ifNotExists: if_not_exists ?? false,
    onTable: (table, name) => `CREATE ${unique ? 'UNIQUE ' : ''}INDEX ${name} ON ${table} ${rest}`,
  }
}

/** What stands after `ON [ONLY] table`: method, columns, predicate. A name may be quoted and hold anything. */
async function afterTable(text: string): Promise<string> {
  const { tokens } = await scan(text)
  const words = tokens.filter(({ tokenName }) => !tokenName.endsWith('COMMENT'))
  const word = (index: number) => words[index]?.text.toUpperCase()
  let at = words.findIndex(({ text: token }) => token.toUpperCase() === 'ON') + 1
  if (word(at) === 'ONLY') at += 1
  while (word(at + 1) === '.') at += 2
  return Buffer.from(text).toString('utf8', words[at]?.end)
}

/** Whether it is `DROP INDEX CONCURRENTLY`. */
export const dropsConcurrently = ({ tree }: Statement): boolean =>
  'DropStmt' in tree && tree.DropStmt.removeType === 'OBJECT_INDEX' && tree.DropStmt.concurrent === true
