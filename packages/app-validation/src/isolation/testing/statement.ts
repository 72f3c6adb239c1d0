import { changedId } from '../expected.ts'
import type { Contents } from '../outcome.ts'
import type { Step } from '../steps.ts'
import type { RunRequest } from './world.ts'

export interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
}

/** Each run has so many ids. */
const idsPerRun = 100

export const idOf = ({ number }: RunRequest, user: number): number => number * idsPerRun + user

const labelOf = ({ number }: RunRequest, row: string): string => `${number} ${row}`

/** The SQL of a step, which is the same in both worlds; undefined for the steps that have none. */
export function statementOf(
  step: Step,
  run: RunRequest,
  session: string,
  table: string,
): Statement | undefined {
  switch (step.verb) {
    case 'create user':
      return { text: 'INSERT INTO users (id) VALUES ($1)', values: [idOf(run, step.user)] }
    case 'rename user':
      return { text: 'UPDATE users SET name = $2 WHERE id = $1', values: [idOf(run, step.user), session] }
    case 'change id':
      return {
        text: 'UPDATE users SET id = $2 WHERE id = $1',
        values: [idOf(run, step.user), idOf(run, changedId(step.user))],
      }
    case 'delete user':
      return { text: 'DELETE FROM users WHERE id = $1', values: [idOf(run, step.user)] }
    case 'insert row':
      return {
        text: `INSERT INTO ${table} (user_id, label) VALUES ($1, $2)`,
        values: [idOf(run, step.user), labelOf(run, session)],
      }
    case 'attach table':
      return {
        text: attach(`filled_${run.number}`, labelOf(run, session), idOf(run, step.user), table),
        values: [],
      }
    case 'move row':
      return {
        text: `UPDATE ${table} SET user_id = $1 WHERE label = $2`,
        values: [idOf(run, step.user), labelOf(run, step.row)],
      }
    case 'edit row':
      return {
        text: `UPDATE ${table} SET note = $1 WHERE label = $2`,
        values: [session, labelOf(run, step.row)],
      }
    case 'delete row':
      return { text: `DELETE FROM ${table} WHERE label = $1`, values: [labelOf(run, step.row)] }
    default:
      return undefined
  }
}

const attach = (filled: string, label: string, id: number, table: string): string =>
  `CREATE TABLE ${filled} (LIKE ${table}); INSERT INTO ${filled} (user_id, label) VALUES (${id}, '${label}');
   ALTER TABLE ${table} ATTACH PARTITION ${filled} FOR VALUES IN ('${label}')`

/** What puts the users and the rows of a scenario there. */
export const populate = (
  run: RunRequest,
  table: string,
): { readonly users: Statement; readonly rows: Statement } => ({
  users: {
    text: 'INSERT INTO users (id) SELECT unnest($1::integer[])',
    values: [run.scenario.users.map((user) => idOf(run, user))],
  },
  rows: {
    text: `INSERT INTO ${table} (user_id, label) SELECT * FROM unnest($1::integer[], $2::text[])`,
    values: [
      Object.values(run.scenario.rows).map((user) => idOf(run, user)),
      Object.keys(run.scenario.rows).map((row) => labelOf(run, row)),
    ],
  },
})

export interface Queryable {
  query<R extends object>(text: string, values?: unknown[]): Promise<{ readonly rows: R[] }>
}

/** The users and the rows of a run, under the names of its scenario. */
export async function readContents(
  a: Queryable,
  b: Queryable,
  run: RunRequest,
  table: string,
): Promise<Contents> {
  const users = await a.query<{ user: number }>(
    'SELECT id - $1::integer AS user FROM users WHERE id >= $1 AND id < $1 + $2 ORDER BY id',
    [idOf(run, 0), idsPerRun],
  )
  const rows = await b.query<{ row: string; user: number | null }>(
    `SELECT substr(label, length($1) + 1) AS row, user_id - $2::integer AS user FROM ${table}
      WHERE starts_with(label, $1) ORDER BY label`,
    [labelOf(run, ''), idOf(run, 0)],
  )
  return {
    users: users.rows.map(({ user }) => user),
    rows: Object.fromEntries(rows.rows.map(({ row, user }) => [row, user])),
  }
}
