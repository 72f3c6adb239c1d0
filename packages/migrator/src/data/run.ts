import { errorCode, errorMessage } from '@manybase/failure'
import type { Client } from 'pg'
import type { Target } from '../catalog/resolve.ts'
import type { DataJob } from '../execute/job.ts'
import { fresh } from '../execute/session-settings.ts'
import type { RunSettings } from '../execute/settings.ts'
import { checksum } from '../history/checksum.ts'
import { skippedIn } from '../ledger/words.ts'
import type { Session } from '../server/session.ts'
import { runBatches } from './batches.ts'
import { explainDataError } from './explain.ts'
import { dataForbidden, dataLocked, dataNotApplied, dataStatisticsHidden } from './failures.ts'
import { underDataLock } from './lock.ts'
import { type Progress, readProgress } from './progress.ts'
import type { DataHooks } from './settings.ts'
import { openScript } from './source-sql.ts'
import { openModule } from './source-ts.ts'
import { beginProgress, createProgress, selectApplied } from './sql.ts'
import { needsStatistics, seesStatistics } from './throttle.ts'

/**
 * Runs a data migration from where it stands to its end, batch by batch. Returns how many rows this run has
 * handled; one that is complete already, or whose revision was skipped here, handles none.
 * @throws `data.*`
 */
export async function runData(
  { client }: Session,
  target: Target,
  job: DataJob,
  settings: RunSettings,
  hooks: DataHooks,
): Promise<number> {
  const { step } = job
  const { schema, user } = target.connection
  const data = settings.data ?? {}
  const where = { database: step.database, revision: step.revision.name }
  const source = job.file.endsWith('.sql') ? await openScript(job) : await openModule(job)
  const seconds = data.waitSeconds ?? 0
  const lock = {
    waitSeconds: seconds,
    onWait: (holder: string) => hooks.onWait?.(`another run is at the data migrations (${holder})`),
    refuse: (holder: string) => dataLocked({ ...where, holder, seconds }),
  }
  try {
    await client.query(fresh(schema))
    if (needsStatistics(data) && !(await seesStatistics(client))) {
      throw dataStatisticsHidden({ database: step.database, user })
    }
    return await underDataLock(client, schema, lock, async () => {
      const progress = await begin(client, target, job, data.anew === true)
      if (!progress || progress.finishedAt) return 0
      const file = checksum(job.script)
      if (progress.batches > 0 && progress.checksum !== file) {
        hooks.onRemark?.(
          `the file has changed since its last batch; it goes on where it stopped (pnpm db data retry ${step.revision.id} begins anew)`,
        )
      }
      return await runBatches({
        client,
        schema,
        job,
        source,
        progress,
        settings,
        data,
        hooks,
        checksum: file,
      })
    })
  } catch (error) {
    throw explainDataError(error, job, 0)
  }
}

/** Makes the place for the progress where there is none, and says where to go on; undefined where nothing is to do. */
async function begin(
  client: Client,
  { connection: { schema, user } }: Target,
  { step, script }: DataJob,
  anew: boolean,
): Promise<Progress | undefined> {
  const { database, revision } = step
  const { rows } = await client.query<{ id: string; logs: string | null }>(
    selectApplied(schema, revision.name),
  )
  const applied = rows[0]
  if (!applied) throw dataNotApplied({ database, revision: revision.name })
  if (skippedIn(applied) !== undefined) return undefined
  try {
    await client.query(createProgress)
    const row = { revision: revision.name, ledgerId: applied.id, checksum: checksum(script), anew }
    await client.query(beginProgress(schema, row))
  } catch (error) {
    if (errorCode(error) !== '42501') throw error
    throw dataForbidden({ database, revision: revision.name, user, problem: errorMessage(error) }, error)
  }
  return (await readProgress(client, schema)).find((each) => each.revision === revision.name)
}
