import pg from 'pg'
import { dropDatabase } from '../drop-database.ts'
import { selectLeftoverShadows, selectShadowName } from '../shadow-names.ts'
import { type Address, parseAddress, withDatabase } from './address.ts'
import { type Connection, connect } from './connection.ts'
import { emptyDatabase } from './empty.ts'
import { scriptError } from './errors.ts'

/**
 * A fresh database, dropped when its connection is disposed of. Its name says which session made it, so that
 * the leftovers of a killed run are known by their session being gone.
 */
export async function connectToFresh(address: Address): Promise<Connection> {
  const owner = await connect(address)
  try {
    await dropLeftovers(owner)
    const name = await createFor(owner)
    return await connect(withDatabase(address, name), async () => {
      await dropDatabase((sql) => owner.query(sql), name)
      await owner.adapter.dispose()
    })
  } catch (error) {
    await owner.adapter.dispose()
    throw scriptError(error)
  }
}

async function createFor(owner: Connection): Promise<string> {
  const [row] = await owner.query<{ name: string }>(selectShadowName)
  if (!row) throw new Error('pg_stat_activity does not show the own session')
  await owner.query(`CREATE DATABASE ${pg.escapeIdentifier(row.name)}`)
  return row.name
}

async function dropLeftovers(owner: Connection): Promise<void> {
  const leftovers = await owner.query<{ name: string }>(selectLeftoverShadows)
  for (const { name } of leftovers) {
    // Another run may be dropping the same leftover; what remains is found again next time.
    await dropDatabase((sql) => owner.query(sql), name).catch(() => undefined)
  }
}

/** The database of a fixed shadow URL, emptied, with the default schema of the main database. */
export async function connectToEmptied(
  shadowAddress: Address,
  mainUrl: string | undefined,
): Promise<Connection> {
  const main = mainUrl === undefined ? undefined : parseAddress(mainUrl)
  const address = { ...shadowAddress, schema: (main ?? shadowAddress).schema }
  const shadow = await connect(address)
  try {
    if (main && (await isSameDatabase(shadow, main))) throw sameAsMain()
    if (await hasLedger(shadow)) throw notAShadow(address.database)
    await emptyDatabase(shadow, address.schema)
    return shadow
  } catch (error) {
    await shadow.adapter.dispose()
    throw scriptError(error)
  }
}

/** By what the servers say of themselves, since one server has many names. */
async function isSameDatabase(shadow: Connection, address: Address): Promise<boolean> {
  const main = await connect(address).catch(() => undefined)
  if (!main) return false
  try {
    return (await identityOf(shadow)) === (await identityOf(main))
  } finally {
    await main.adapter.dispose()
  }
}

async function identityOf(connection: Connection): Promise<string | undefined> {
  const [row] = await connection.query<{ identity: string }>(
    `SELECT oid || ' ' || extract(epoch FROM pg_postmaster_start_time()) AS identity
     FROM pg_database WHERE datname = current_database()`,
  )
  return row?.identity
}

/** A ledger means that somebody's data live here: the engine never writes one to a shadow database. */
async function hasLedger(shadow: Connection): Promise<boolean> {
  const rows = await shadow.query(`SELECT FROM pg_class WHERE relname = '_prisma_migrations' LIMIT 1`)
  return rows.length > 0
}

function sameAsMain(): Error {
  return new Error(
    'The shadow database URL names the main database itself, and a shadow database is emptied. Give it a database of its own.',
  )
}

function notAShadow(database: string): Error {
  return new Error(
    `The shadow database "${database}" has a migration history (_prisma_migrations), so it is no shadow database and is not emptied. Name an empty database in shadowDatabaseUrl, or leave it out.`,
  )
}
