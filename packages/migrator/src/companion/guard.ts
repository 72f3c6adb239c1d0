import { errorCode } from '@manybase/failure'
import type { CompanionClient, CompanionStatement } from '../catalog/define.ts'
import { entryOf, type Target } from '../catalog/target.ts'
import { ownRole } from '../execute/session-settings.ts'
import type { StepGuard } from '../execute/step.ts'
import { explainServerError } from '../server/explain.ts'
import type { Work } from './open.ts'

/** Puts the triggers on what a script makes or remakes before it commits, so that no row is written without. */
export const guardWith = ({ installer }: Work): StepGuard => ({
  complete: async (client, target) => {
    await client.query(ownRole)
    await run(client, target, await installer.additions(client, entryOf(target)))
  },
  standAside: async (client, target, script) => {
    await run(client, target, await installer.inTheWay(client, entryOf(target), script))
  },
})

async function run(
  client: CompanionClient,
  target: Target,
  statements: readonly CompanionStatement[],
): Promise<void> {
  if (statements.length === 0) return
  await client.query(statements.map(({ sql }) => sql).join('\n')).catch((error) => {
    throw errorCode(error) === '42501' ? explainServerError(error, target) : error
  })
}
