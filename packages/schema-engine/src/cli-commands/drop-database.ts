import pg from 'pg'
import type { Address } from '../adapter/address.ts'
import { onServer } from './maintenance.ts'

/** Drops the database of a URL. */
export async function dropDatabase(address: Address): Promise<void> {
  await onServer(address, async (server) => {
    await server.query(`DROP DATABASE ${pg.escapeIdentifier(address.database)}`)
  })
}
