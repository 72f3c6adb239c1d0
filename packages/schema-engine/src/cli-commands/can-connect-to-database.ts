import type { Address } from '../adapter/address.ts'
import { connect } from '../adapter/connection.ts'

/** Succeeds when the database can be reached with these credentials. */
export async function canConnectToDatabase(address: Address): Promise<void> {
  await (await connect(address)).adapter.dispose()
}
