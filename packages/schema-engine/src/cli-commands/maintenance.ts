import { DriverAdapterError } from '@prisma/driver-adapter-utils'
import { type Address, withDatabase } from '../adapter/address.ts'
import { type Connection, connect } from '../adapter/connection.ts'
import { scriptError } from '../adapter/errors.ts'

/** Databases from which another can be made or dropped; a server need not have the first. */
const maintenance = ['postgres', 'template1'] as const

/** Works on the server of `address` without being connected to its database. */
export async function onServer(
  address: Address,
  work: (connection: Connection) => Promise<void>,
): Promise<void> {
  const connection = await connectToServer(address)
  try {
    await work(connection)
  } catch (error) {
    throw scriptError(error)
  } finally {
    await connection.adapter.dispose()
  }
}

async function connectToServer(address: Address): Promise<Connection> {
  const [first, second] = maintenance
  try {
    return await connect({ ...withDatabase(address, first), schema: 'public' })
  } catch (error) {
    if (!(error instanceof DriverAdapterError) || error.cause.kind !== 'DatabaseDoesNotExist') throw error
    return await connect({ ...withDatabase(address, second), schema: 'public' })
  }
}
