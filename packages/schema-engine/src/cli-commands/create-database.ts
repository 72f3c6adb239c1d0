import pg from 'pg'
import { type Address, parseAddress } from '../adapter/address.ts'
import { connect } from '../adapter/connection.ts'
import { invalidUrl } from '../adapter/known-error.ts'
import { onServer } from './maintenance.ts'

/** Makes the database of a URL, and the schema that the URL names. */
export async function createDatabase(address: Address): Promise<void> {
  await onServer(address, async (server) => {
    await server.query(`CREATE DATABASE ${pg.escapeIdentifier(address.database)}`)
  })
  await (await connect(address)).adapter.dispose()
}

/** The same, for a URL as JSON-RPC brings it. */
export async function createDatabaseAt(url: string): Promise<void> {
  const address = parseAddress(url)
  if (!address) throw new TypeError(invalidUrl().message)
  await createDatabase(address)
}
