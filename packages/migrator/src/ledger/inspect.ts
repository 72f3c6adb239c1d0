import { errorCode } from '@manybase/failure'
import type { Target } from '../catalog/resolve.ts'
import { explainServerError } from '../server/explain.ts'
import { databaseMissing } from '../server/failures.ts'
import { openSessions } from '../server/session.ts'
import type { LedgerRow } from './ledger.ts'
import { readRows } from './read.ts'

/** All rows of a target's ledger on a connection of its own; a database that doesn't exist has none. */
export async function inspectRows(target: Target): Promise<readonly LedgerRow[]> {
  const sessions = await openSessions([target], { create: false }).catch((error) => {
    if (errorCode(error) === databaseMissing.code) return []
    throw error
  })
  const [session] = sessions
  if (!session) return []
  try {
    return await readRows(session, target.connection.schema)
  } catch (error) {
    throw explainServerError(error, target)
  } finally {
    await session.close()
  }
}
