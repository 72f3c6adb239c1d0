import type { Target } from '../catalog/resolve.ts'
import { withDatabase } from '../catalog/url.ts'
import { explainServerError } from './explain.ts'
import { connect } from './session.ts'

/** Drops a database and ends the sessions in it; one that doesn't exist is as good. */
export async function dropDatabase(target: Target): Promise<void> {
  const { connectionString, database } = target.connection
  const client = await connect(withDatabase(connectionString, 'postgres')).catch((error) => {
    throw explainServerError(error, target)
  })
  try {
    await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(database)} WITH (FORCE)`)
  } catch (error) {
    throw explainServerError(error, target)
  } finally {
    await client.end()
  }
}
