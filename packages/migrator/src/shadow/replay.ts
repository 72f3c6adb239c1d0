import { errorMessage } from '@manybase/failure'
import { executeScript } from '@manybase/schema-engine/script'
import { fresh } from '../execute/session-settings.ts'
import type { Revision } from '../history/revision.ts'
import { replayFailed } from './failures.ts'
import type { Shadow } from './shadow.ts'

/** Runs a script as a migrator would. `name` is for the message. @throws `shadow.replay-failed` */
export async function runInShadow({ session, target }: Shadow, name: string, script: string): Promise<void> {
  const { client } = session
  await client.query(fresh(target.connection.schema))
  await executeScript(client, script).catch((error) => {
    throw replayFailed({ database: target.name, script: name, message: errorMessage(error) }, error)
  })
  await client.query(fresh(target.connection.schema))
}

/** Applies revisions in the given order. @throws `shadow.replay-failed` */
export async function replay(shadow: Shadow, revisions: readonly Revision[]): Promise<void> {
  for (const { name, script } of revisions) await runInShadow(shadow, name, script)
}
