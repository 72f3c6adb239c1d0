import type { Client } from 'pg'
import type { DataJob } from '../execute/job.ts'
import { isLockError, retryWhileLocked } from '../execute/retry.ts'
import { fresh, ownRole, setTimeouts } from '../execute/session-settings.ts'
import { defaultLockRetryTime, defaultLockTimeout, type RunSettings } from '../execute/settings.ts'
import { defaultBatchTime, firstBatchSize, nextBatchSize } from './batch-size.ts'
import { explainDataError } from './explain.ts'
import { dataEndless, dataInvalid, dataUndone } from './failures.ts'
import type { Progress } from './progress.ts'
import type { DataHooks, DataSettings } from './settings.ts'
import type { Source } from './source.ts'
import { advanceProgress, beat, holdProgress, keepError, keepTotal } from './sql.ts'
import type { BatchResult } from './statement.ts'
import { makeWay } from './throttle.ts'

/** A data migration under way. */
export interface DataRun {
  readonly client: Client
  /** The PostgreSQL schema of its history. */
  readonly schema: string
  readonly job: DataJob
  readonly source: Source
  /** Where it stands as this run begins. */
  readonly progress: Progress
  readonly settings: RunSettings
  readonly data: DataSettings
  readonly hooks: DataHooks
  /** Of its file. */
  readonly checksum: string
}

/** Repeats batches until none is left. Returns how many rows they have handled. @throws `data.*` */
export async function runBatches(run: DataRun): Promise<number> {
  let handled = 0
  try {
    const total = run.progress.total ?? (await countRows(run))
    const batchTime = run.data.batchTime ?? defaultBatchTime
    const start = performance.now()
    let size = run.data.batchSize ?? run.progress.batchSize ?? firstBatchSize
    let limit = total ?? unknownTotal
    for (;;) {
      await makeWay(run.client, run.data, async (reason) => {
        run.hooks.onWait?.(reason)
        await run.client.query(`${fresh(run.schema)}; ${beat(run.schema, nameOf(run))}`)
      })
      const batch = await runBatchWithRetries(run, size)
      handled += batch.rows
      size = nextBatchSize(batch.size, batch, batchTime)
      const rows = run.progress.rows + handled
      run.hooks.onBatch?.({ ...reportOf(rows, handled, performance.now() - start, total), size })
      if (batch.done) return handled
      if (rows > limit) limit = await limitOf(run, rows, total)
    }
  } catch (error) {
    const explained = explainDataError(error, run.job, handled)
    await run.client.query('ROLLBACK').catch(() => {})
    await run.client
      .query(`${ownRole}; ${keepError(run.schema, nameOf(run), explained.message)}`)
      .catch(() => {})
    throw explained
  }
}

/** After so many rows of an unknown number it is looked for the first time whether they can be that many. */
const unknownTotal = 10_000

const nameOf = ({ job }: DataRun): string => job.step.revision.name

const where = ({ job: { step } }: DataRun) => ({ database: step.database, revision: step.revision.name })

function reportOf(rows: number, handled: number, milliseconds: number, total: number | null) {
  const rate = milliseconds > 0 ? (handled / milliseconds) * 1000 : 0
  const known = total !== null && total >= rows ? total : null
  const millisecondsLeft = known === null || rate === 0 ? null : ((known - rows) / rate) * 1000
  return { rows, total: known, rate, millisecondsLeft }
}

async function countRows(run: DataRun): Promise<number | null> {
  const { client, schema } = run
  await client.query(`BEGIN; ${timeoutsOf(run)}`)
  const total = await run.source.count(client)
  await client.query('COMMIT')
  if (total !== null) await client.query(`${fresh(schema)}; ${keepTotal(schema, nameOf(run), total)}`)
  return total
}

const timeoutsOf = ({ job: { options }, settings }: DataRun): string =>
  setTimeouts('LOCAL', {
    ...options,
    lockTimeout: settings.lockTimeout ?? options.lockTimeout ?? defaultLockTimeout,
  })

interface TimedBatch extends BatchResult {
  readonly milliseconds: number
  /** What it was told to take. */
  readonly size: number
}

/** A batch that waits too long for others is made smaller, so that it gets its locks sooner. */
async function runBatchWithRetries(run: DataRun, firstSize: number): Promise<TimedBatch> {
  let size = firstSize
  const attempt = () => runBatch(run, size)
  const retryTime = run.settings.lockRetryTime ?? run.job.options.lockRetryTime ?? defaultLockRetryTime
  return await retryWhileLocked(attempt, isLockError, retryTime, (retry) => {
    size = Math.max(1, Math.round(size / 2))
    run.hooks.onRetry?.(retry)
  })
}

/** One batch and its place in one transaction. */
async function runBatch(run: DataRun, size: number): Promise<TimedBatch> {
  const { client, schema, source, checksum } = run
  const start = performance.now()
  try {
    await client.query(`${fresh(schema)}; BEGIN; ${timeoutsOf(run)}`)
    const { rows } = await client.query<{ cursor: string | null }>(holdProgress(schema, nameOf(run)))
    const [position] = rows
    if (!position) throw dataUndone({ ...where(run), rows: run.progress.rows })
    const result = await source.batch(client, { cursor: position.cursor, size })
    if (client.getTransactionStatus() !== 'T') {
      const problem = 'it ends the transaction of its batch, in which its position is kept'
      throw dataInvalid({ ...where(run), file: run.job.file, problem })
    }
    assertMoves(run, position.cursor, result)
    const milliseconds = performance.now() - start
    const advance = advanceProgress(schema, nameOf(run), { ...result, size, milliseconds, checksum })
    await client.query(`${ownRole}; ${advance}; COMMIT`)
    return { ...result, milliseconds: performance.now() - start, size }
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}

/** A batch that begins where the one before it began will find the same rows. */
function assertMoves(run: DataRun, before: string | null, { cursor, done, rows }: BatchResult): void {
  const stands = cursor === before && (cursor !== null || rows === 0)
  if (done || !stands) return
  const reason =
    cursor === null
      ? 'a batch that says it is not done has handled no row and moved no cursor'
      : `a batch has ended at the cursor where it began, ${cursor}`
  throw dataEndless({ ...where(run), rows: run.progress.rows, reason })
}

/** The number up to which it can go on without another look. */
async function limitOf(run: DataRun, rows: number, total: number | null): Promise<number> {
  await run.client.query(fresh(run.schema))
  const limit = await run.source.limit(run.client, rows, total)
  if (limit === undefined) return Number.POSITIVE_INFINITY
  if (rows > limit) {
    const reason = `that is more than there are (${limit}), so some were handled again`
    throw dataEndless({ ...where(run), rows, reason })
  }
  return limit
}
