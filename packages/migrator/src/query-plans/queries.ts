import { errorMessage } from '@manybase/failure'
import { splitStatements } from '@manybase/schema-engine/split'
import type { Node } from 'libpg-query'
import { queriesUnusable } from './failures.ts'

/** A query that somebody wants to know the plan of. */
export interface NamedQuery {
  readonly name: string
  /** As the file says it; undefined where it leaves it out. */
  readonly database: string | undefined
  readonly sql: string
}

const entry = /^--\s*(name|database)\s*:\s*(\S+)\s*$/i

/**
 * Reads a file of queries: `-- name: NAME` above each, and `-- database: NAME` for it and all that come after.
 * @throws `queries.unusable`
 */
export async function readQueries(file: string, text: string): Promise<readonly NamedQuery[]> {
  const refuse = (problem: string) => queriesUnusable({ file, problem })
  const statements = await splitStatements(text).catch((error) => {
    throw refuse(errorMessage(error))
  })
  const characters = [...text]
  const queries: NamedQuery[] = []
  let end = 0
  let database: string | undefined
  for (const { text: sql, offset, tree } of statements) {
    const header = readEntries(characters.slice(end, offset).join(''))
    end = offset + [...sql].length
    database = header.get('database') ?? database
    const name = header.get('name')
    if (name === undefined) throw refuse(`no name stands above "${sql.slice(0, 40)}"`)
    if (queries.some((each) => each.name === name)) throw refuse(`"${name}" is there twice`)
    if (!isQuery(tree)) throw refuse(`"${name}" is neither SELECT, INSERT, UPDATE, DELETE nor MERGE`)
    queries.push({ name, database, sql })
  }
  if (queries.length === 0) throw refuse('it is empty')
  return queries
}

function readEntries(text: string): ReadonlyMap<string, string> {
  const found = text.split('\n').flatMap((line): [string, string][] => {
    const [, key, value] = entry.exec(line.trim()) ?? []
    return key !== undefined && value !== undefined ? [[key.toLowerCase(), value]] : []
  })
  return new Map(found)
}

const isQuery = (tree: Node): boolean =>
  ['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'].some((kind) => kind in tree)
