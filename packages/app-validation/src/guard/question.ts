import pg from 'pg'
import type { ReferencedColumn } from '../references/reference.ts'
import type { TargetedValue } from '../violations/named-value.ts'

/** The values that are asked for in one referenced column: one statement, however many columns name them. */
export interface Question {
  readonly target: ReferencedColumn
  /** Without repetitions, in the order of asking. */
  readonly values: readonly string[]
}

export const targetKey = ({ schema, table, column }: ReferencedColumn): string =>
  JSON.stringify([schema, table, column])

/** One question for each referenced column. In an order of their own, so that all writers lock tables in the same. */
export function questionsOf(named: readonly TargetedValue[]): readonly Question[] {
  const questions = new Map<string, { target: ReferencedColumn; values: Set<string> }>()
  for (const { reference, value } of named) {
    const key = targetKey(reference.target)
    const question = questions.get(key)
    if (question) question.values.add(value)
    else questions.set(key, { target: reference.target, values: new Set([value]) })
  }
  return [...questions]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { target, values }]) => ({ target, values: [...values] }))
}

/**
 * Finds the rows, and with `lock` keeps them from being deleted, as PostgreSQL's own foreign keys do. The literal has
 * no type, so that it takes that of the column; rows are locked in the order of their key, so that two writers never
 * wait for each other.
 */
export function lookUp({ target, values }: Question, lock: boolean): string {
  const column = pg.escapeIdentifier(target.column)
  const rows = `SELECT ${column}::text AS id FROM ${tableOf(target)} WHERE ${column} = ANY (${arrayLiteral(values)})`
  return lock ? `${rows} ORDER BY ${column} FOR KEY SHARE` : rows
}

/**
 * Asks for single values whether they equal a key: where the text that was written isn't the text of the key, only the
 * database can tell, as with a uuid in capitals or a case-insensitive type.
 * @returns statement that gives the indexes (`i`) of the values that do
 */
export function lookUpSpellings({ target, values }: Question): string {
  const from = `FROM ${tableOf(target)} WHERE ${pg.escapeIdentifier(target.column)} =`
  return values
    .map((value, i) => `SELECT ${i} AS i WHERE EXISTS (SELECT ${from} ${pg.escapeLiteral(value)})`)
    .join(' UNION ALL ')
}

const tableOf = ({ schema, table }: ReferencedColumn): string =>
  schema === null
    ? pg.escapeIdentifier(table)
    : `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}`

const arrayLiteral = (values: readonly string[]): string =>
  pg.escapeLiteral(`{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`)
