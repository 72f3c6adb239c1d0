import { dropDatabase as drop } from '@manybase/schema-engine/drop-database'
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
    await drop((sql) => client.query(sql), database)
  } catch (error) {
    throw explainServerError(error, target)
  } finally {
    await client.end()
  }
}
