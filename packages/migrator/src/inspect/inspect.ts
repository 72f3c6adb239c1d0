import { escapeIdentifier, type QueryResultRow } from 'pg'
import type { Target } from '../catalog/resolve.ts'
import type { Session } from '../server/session.ts'
import { openSessions } from '../server/session.ts'
import * as queries from './queries.ts'

type Row = QueryResultRow

/** What one database holds, read from its catalogs. */
export interface DatabaseView {
  readonly database: string
  readonly server: string
  readonly tables: readonly Row[]
  readonly indexes: readonly Row[]
}

/** What one table is made of. */
export interface TableView {
  readonly database: string
  readonly table: string
  readonly columns: readonly Row[]
  readonly indexes: readonly Row[]
  readonly constraints: readonly Row[]
  readonly triggers: readonly Row[]
}

/** Server version, tables and indexes of a database's schema. */
export async function inspectDatabase(target: Target): Promise<DatabaseView> {
  return await withSession(target, async (session) => {
    const { schema } = target.connection
    const [version] = await select(session, 'SELECT version()')
    return {
      database: target.name,
      server: String(version?.version),
      tables: await select(session, queries.tables, [schema]),
      indexes: await select(session, queries.indexes, [schema, null]),
    }
  })
}

/** The make-up of one table, or nothing when the schema has none of that name. */
export async function inspectTable(target: Target, table: string): Promise<TableView | undefined> {
  return await withSession(target, async (session) => {
    const { schema } = target.connection
    const qualified = `${escapeIdentifier(schema)}.${escapeIdentifier(table)}`
    const columns = await select(session, queries.columns, [qualified])
    if (columns.length === 0) return undefined
    return {
      database: target.name,
      table,
      columns,
      indexes: await select(session, queries.indexes, [schema, table]),
      constraints: await select(session, queries.constraints, [qualified]),
      triggers: await select(session, queries.triggers, [qualified]),
    }
  })
}

async function withSession<T>(target: Target, work: (session: Session) => Promise<T>): Promise<T> {
  const sessions = await openSessions([target], { create: false })
  try {
    const [session] = sessions
    if (!session) throw new Error('no session')
    return await work(session)
  } finally {
    await Promise.all(sessions.map((session) => session.close()))
  }
}

const select = async (
  { client }: Session,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> => (await client.query<Row>(text, [...values])).rows
