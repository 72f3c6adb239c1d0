import { join } from 'node:path'
import { errorMessage, isFailure } from '@manybase/failure'
import { type Client, DatabaseError, escapeIdentifier } from 'pg'
import { loadRows } from '../backup/copy-file.ts'
import { takeInventory } from '../backup/inventory.ts'
import type { ArchiveManifest, SavedTable } from '../backup/manifest.ts'
import { copySettings } from '../backup/reader.ts'
import { type Replay, runReplay } from '../backup/replays.ts'
import { ledgerTable } from '../ledger/sql.ts'
import { loadFailed } from './failures.ts'
import { putAside } from './set-aside.ts'

/** An empty database that an archive goes into. */
export interface Destination {
  /** Of the catalog, for messages. */
  readonly database: string
  readonly client: Client
}

/**
 * Makes the schema by the histories and loads the rows. Every step is one that the owner of the tables may do.
 * @throws `restore.load-failed`, `shadow.replay-failed`
 */
export async function loadArchive(
  destination: Destination,
  manifest: ArchiveManifest,
  folder: string,
  replays: readonly Replay[],
): Promise<void> {
  const { client } = destination
  await makeSchema(destination, manifest, replays)
  const { tables } = await takeInventory(client)
  const aside = await loading(destination, 'A foreign key', () => putAside(client, tables))
  for (const table of manifest.tables) {
    await loading(destination, `Table ${nameOf(table)}`, () => loadTable(client, manifest, table, folder))
  }
  for (const { schema, sequence, value, called } of manifest.sequences) {
    const name = `${escapeIdentifier(schema)}.${escapeIdentifier(sequence)}`
    await loading(destination, `Sequence ${name}`, () =>
      client.query('SELECT setval($1::regclass, $2::bigint, $3)', [name, value, called]),
    )
  }
  for (const statement of aside) await loading(destination, statement, () => client.query(statement))
  await derive(destination)
}

/** Fills what is made from rows: materialized views, in the order in which they were made, and statistics. */
export async function derive(destination: Destination): Promise<void> {
  const { client } = destination
  const { rows } = await client.query<{ name: string }>(
    `SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'm' AND c.relispopulated AND n.nspname !~ '^pg_' ORDER BY c.oid`,
  )
  for (const { name } of rows) {
    await loading(destination, `View ${name}`, () => client.query(`REFRESH MATERIALIZED VIEW ${name}`))
  }
  await loading(destination, 'The statistics', () => client.query('ANALYZE'))
}

export const nameOf = ({ schema, table }: { readonly schema: string; readonly table: string }): string =>
  `${escapeIdentifier(schema)}.${escapeIdentifier(table)}`

async function makeSchema(
  destination: Destination,
  { extra, tables }: ArchiveManifest,
  replays: readonly Replay[],
): Promise<void> {
  const { client } = destination
  const saved = new Set(tables.map(nameOf))
  for (const replay of replays) {
    // A database that was never migrated has no ledger.
    if (!saved.has(ledgerTable(replay.target.connection.schema))) continue
    await loading(destination, 'The schema', () => runReplay(client, replay))
  }
  // A script leaves settings behind.
  await client.query(copySettings)
  await client.query('SET check_function_bodies = off')
  for (const statement of extra.statements) {
    await loading(destination, statement, () => client.query(statement))
  }
}

/**
 * Emptied in the same transaction, since a migration may have filled it; so PostgreSQL can freeze the rows, too.
 * Functions in checks and generated columns find what they name, as they did when the rows were written.
 */
async function loadTable(
  client: Client,
  { compression }: ArchiveManifest,
  table: SavedTable,
  folder: string,
): Promise<void> {
  const name = nameOf(table)
  const columns = table.columns.map((column) => escapeIdentifier(column))
  await client.query(
    `BEGIN; SET LOCAL search_path = ${escapeIdentifier(table.schema)}; TRUNCATE ONLY ${name}`,
  )
  await loadRows(client, { name, columns, copy: table.copy }, join(folder, table.file), compression)
  await client.query('COMMIT')
}

async function loading<T>(
  { database }: Pick<Destination, 'database'>,
  object: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (isFailure(error) || !(error instanceof DatabaseError)) throw error
    throw loadFailed({ database, object, message: errorMessage(error) }, error)
  }
}
