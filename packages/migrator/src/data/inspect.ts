import { errorCode } from '@manybase/failure'
import type { Target } from '../catalog/resolve.ts'
import type { DatabaseState } from '../plan/state.ts'
import { explainServerError } from '../server/explain.ts'
import { databaseMissing } from '../server/failures.ts'
import { openSessions } from '../server/session.ts'
import { type Progress, readProgress } from './progress.ts'
import { type DataStatus, dataStatuses } from './status.ts'

/** How far the data migrations of these databases have come; changes nothing, and a missing database has none. */
export async function inspectProgress(targets: readonly Target[]): Promise<readonly Progress[]> {
  return (await Promise.all(targets.map(inspectOne))).flat()
}

async function inspectOne(target: Target): Promise<readonly Progress[]> {
  const sessions = await openSessions([target], { create: false }).catch((error) => {
    if (errorCode(error) === databaseMissing.code) return []
    throw error
  })
  try {
    const found = await Promise.all(
      sessions.map(({ client }) => readProgress(client, target.connection.schema)),
    )
    return found.flat()
  } catch (error) {
    throw explainServerError(error, target)
  } finally {
    await Promise.all(sessions.map((session) => session.close()))
  }
}

/** Where the data migrations of one database stand; a server is asked only where its history has some. */
export async function inspectData(target: Target, state: DatabaseState): Promise<readonly DataStatus[]> {
  const files = dataStatuses(state, [])
  return files.length === 0 ? [] : dataStatuses(state, await inspectProgress([target]))
}
