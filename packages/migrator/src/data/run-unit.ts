import { type Events, execute, type Outcome } from '../execute/execute.ts'
import { prepareJobs } from '../execute/job.ts'
import type { RunSettings } from '../execute/settings.ts'
import type { ChangeOptions } from '../migrate.ts'
import { readProgressOf, readStates, withWorkspace } from '../workspace.ts'
import { chooseSteps, readDataStatuses } from './choose.ts'
import { type Meant, nodesOf } from './meant.ts'
import type { DataStatus } from './status.ts'

/** What a run came to; the statuses are those after it. */
export interface UnitRun {
  readonly outcomes: readonly Outcome[]
  readonly statuses: readonly DataStatus[]
}

/**
 * Runs the data migrations that are left in one unit, or those that are meant. It holds no lock of the migrators.
 * @throws `data.missing`, `data.not-applied`, `server.*`; one that fails is an outcome
 */
export async function runUnit(
  { unit: { targets }, aims }: Meant,
  options: RunSettings & Events & Pick<ChangeOptions, 'onReady'>,
): Promise<UnitRun> {
  return await withWorkspace(targets, { create: false }, async (workspace) => {
    const states = await readStates(workspace)
    const read = (database: string) => readProgressOf(workspace, database)
    const steps = chooseSteps(
      await readDataStatuses(states, read),
      aims && nodesOf(states, aims),
      options.data?.anew === true,
    )
    const jobs = prepareJobs(steps, states)
    await options.onReady?.(jobs)
    const outcomes = await execute(jobs, workspace.sessions, options)
    // A broken connection must not hide what the outcomes say.
    const statuses = await readDataStatuses(states, read).catch((error) => {
      if (outcomes.some(({ kind }) => kind === 'failed')) return []
      throw error
    })
    return { outcomes, statuses }
  })
}
