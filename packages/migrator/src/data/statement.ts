import { errorMessage } from '@manybase/failure'
import { type Statement, splitStatements } from '@manybase/schema-engine/split'
import { escapeIdentifier, type QueryResult } from 'pg'
import { neverEnds } from './endless.ts'
import type { BatchForm, Command } from './form.ts'
import { bindParameters, parameterNames } from './parameters.ts'
import { nodesOf, resultNames } from './tree.ts'

/** The statement of a `data.sql`, which is repeated until it finds no row any more. */
export interface BatchStatement {
  readonly form: BatchForm
  readonly command: Command
  /** For the first batch: `$1` is how many rows it may take. */
  readonly first: string
  /** For the others: `$2` is where the one before ended. */
  readonly next: string
  /** Where both begin in the script, in characters. */
  readonly offset: number
  /** The table that is written, as SQL; unknown where a SELECT does it. */
  readonly table: string | undefined
  /** Why it may never come to an end, as far as that can be read. */
  readonly endless: string | undefined
}

/** A `data.sql` as it is read: its statement, or what is wrong with it. */
export type ReadScript =
  | { readonly kind: 'statement'; readonly statement: BatchStatement }
  | { readonly kind: 'problem'; readonly problem: string }

const commands: Readonly<Record<string, Command>> = {
  InsertStmt: 'insert',
  UpdateStmt: 'update',
  DeleteStmt: 'delete',
  MergeStmt: 'merge',
  SelectStmt: 'select',
}

/** Reads a `data.sql` by PostgreSQL's own grammar. */
export async function readBatchStatement(script: string): Promise<ReadScript> {
  try {
    return await read(script)
  } catch (error) {
    return problem(errorMessage(error))
  }
}

const problem = (text: string): ReadScript => ({ kind: 'problem', problem: text })

async function read(script: string): Promise<ReadScript> {
  const bound = await bindParameters(script).catch(() => undefined)
  // What the scanner says of it gets lost on its way here.
  if (!bound) return problem('a literal, a quoted name or a comment in it has no end')
  const { first, next, names, unknown } = bound
  if (unknown.length > 0) {
    return problem(
      `it has the unknown parameter :${unknown[0]}; there are ${parameterNames.map((each) => `:${each}`).join(' and ')}`,
    )
  }
  const [statement, ...others] = await splitStatements(next)
  if (!statement || others.length > 0) {
    return problem(
      `it has ${others.length === 0 ? 'no statement' : `${others.length + 1} statements`}, not one`,
    )
  }
  const [[kind = '', body] = []] = Object.entries<unknown>({ ...statement.tree })
  const command = commands[kind]
  if (!command) return problem('it is none of INSERT, UPDATE, DELETE, MERGE and SELECT')
  if (!names.has('batch')) return problem('nothing keeps a batch small: it needs LIMIT :batch')
  if (nodesOf(body, 'LockingClause').some(({ waitPolicy }) => waitPolicy === 'LockWaitSkip')) {
    return problem('SKIP LOCKED would pass over rows for good that somebody holds just then')
  }
  const fields: Readonly<Record<string, unknown>> = { ...(body as object | null) }
  const results = resultNames(command === 'select' ? fields.targetList : returned(fields))
  const form = formOf(command, names.has('cursor'), results)
  if (form === undefined) {
    return problem(
      names.has('cursor')
        ? `it uses :cursor and returns no column of that name: ${command === 'select' ? 'SELECT' : 'RETURNING'} … AS cursor`
        : 'a SELECT says where the next batch begins: it needs :cursor and a column of that name',
    )
  }
  if (form === 'returning' && changesInWith(fields)) {
    return problem('a WITH that changes rows and RETURNING don’t go together here: let it end in a SELECT')
  }
  return {
    kind: 'statement',
    statement: {
      form,
      command,
      first: cutAs(statement, next, first),
      next: statement.text,
      offset: statement.offset,
      table: tableOf(fields),
      endless: neverEnds(command, form, fields),
    },
  }
}

/** The same stretch of the other text. */
function cutAs({ text }: Statement, from: string, other: string): string {
  const start = from.indexOf(text)
  return other.slice(start, start + text.length)
}

function formOf(command: Command, hasCursor: boolean, results: readonly string[]): BatchForm | undefined {
  if (!hasCursor) return command === 'select' ? undefined : 'shrinking'
  if (!results.includes('cursor')) return undefined
  return command === 'select' ? 'selecting' : 'returning'
}

/** `RETURNING` has a node of its own since PostgreSQL 18's grammar. */
const returned = ({ returningClause }: Readonly<Record<string, unknown>>): unknown =>
  typeof returningClause === 'object' && returningClause !== null && 'exprs' in returningClause
    ? returningClause.exprs
    : undefined

const changesInWith = ({ withClause }: Readonly<Record<string, unknown>>): boolean =>
  ['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'].some((kind) => nodesOf(withClause, kind).length > 0)

function tableOf({ relation }: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof relation !== 'object' || relation === null || !('relname' in relation)) return undefined
  const schema = 'schemaname' in relation ? [relation.schemaname] : []
  return [...schema, relation.relname].map((name) => escapeIdentifier(String(name))).join('.')
}

/** What a batch came to. */
export interface BatchResult {
  /** How many rows it has handled. */
  readonly rows: number
  /** Where the next one begins. */
  readonly cursor: string | null
  readonly done: boolean
}

/** A query as it is sent. */
export interface BatchQuery {
  readonly text: string
  readonly values: readonly unknown[]
  /** How many characters stand before the statement. */
  readonly prefix: number
}

/** What a batch sends. Which of the cursors that it returns is the greatest is for the server to say. */
export function batchQuery(
  statement: BatchStatement,
  { cursor, size }: { readonly cursor: string | null; readonly size: number | null },
): BatchQuery {
  const text = cursor === null ? statement.first : statement.next
  const values = cursor === null || !text.includes('$2') ? [size] : [size, cursor]
  if (statement.form !== 'returning') return { text, values, prefix: 0 }
  const prefix = 'WITH manybase_batch AS ('
  return {
    values,
    prefix: prefix.length,
    text: `${prefix}${text}\n) SELECT cursor::text AS cursor, count(*) OVER () AS rows FROM manybase_batch ORDER BY manybase_batch.cursor DESC LIMIT 1`,
  }
}

/** What `batchQuery` has answered, its columns being text. */
export function readBatch(
  { form }: Pick<BatchStatement, 'form'>,
  { rowCount, rows: [row] }: Pick<QueryResult, 'rowCount' | 'rows'>,
): BatchResult {
  if (form === 'shrinking') return { rows: rowCount ?? 0, cursor: null, done: (rowCount ?? 0) === 0 }
  const cursor = textOf(row?.cursor)
  return { rows: Number(textOf(row?.rows) ?? 0), cursor, done: cursor === null }
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)
