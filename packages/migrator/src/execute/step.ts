import { errorCode, errorMessage } from '@manybase/failure'
import { demandsNoTransaction, readHeader } from '@manybase/schema-engine/script'
import type { Client } from 'pg'
import type { Target } from '../catalog/resolve.ts'
import { beginnings, nothing } from '../history/beginning.ts'
import type { Session } from '../server/session.ts'
import { type Blocker, describeBlocker, watchBlockers } from './blockers.ts'
import { type Bookkeeping, keepBooks } from './bookkeeping.ts'
import { explainStepError } from './explain.ts'
import { lockTimedOut } from './failures.ts'
import type { ScriptJob } from './job.ts'
import { rowsWritten } from './results.ts'
import { isLockError, type Retry, retryWhileLocked } from './retry.ts'
import { fresh, ownRole, setTimeouts } from './session-settings.ts'
import { defaultLockRetryTime, defaultLockTimeout, type RunSettings } from './settings.ts'
import type { OnStatement } from './statements.ts'

/** A step as it is run: its script, its books, and who hears of it. */
export interface Work extends ScriptJob {
  readonly books: Bookkeeping
  readonly target: Target
  readonly schema: string
  readonly settings: RunSettings
  readonly hooks: StepHooks
}

/** What must hold in the tables when a script commits, whatever it did to them. */
export interface StepGuard {
  /** Runs after the script, in its transaction where there is one. */
  readonly complete: (client: Client, target: Target) => Promise<void>
  /** Makes room before a script that failed for what the guard keeps. */
  readonly standAside: (client: Client, target: Target, script: string) => Promise<void>
}

/** What happens on the way through a step. */
export interface StepHooks {
  readonly guard?: StepGuard | undefined
  readonly onBlocked?: (blockers: readonly Blocker[]) => void
  readonly onRetry?: (retry: Retry) => void
  readonly onStatement?: OnStatement
}

/**
 * Runs one step: script and ledger row in one transaction, or statement by statement where the script or
 * PostgreSQL asks for that. Returns how many rows it has written.
 * @throws `migration.failed`, `migration.lock-timeout`, `migration.connection-lost`, `index.different`
 */
export async function runStep(
  session: Session,
  target: Target,
  job: ScriptJob,
  settings: RunSettings = {},
  hooks: StepHooks = {},
): Promise<number> {
  const { schema, connectionString } = target.connection
  const work: Work = { ...job, target, schema, settings, hooks, books: keepBooks(schema, job) }
  if (job.skippedIn !== undefined) {
    await session.client.query(work.books.skip(job.skippedIn))
    return 0
  }
  const watch = watchBlockers(connectionString, processId(session), hooks.onBlocked, settings.spare)
  try {
    if (job.halfDone || readHeader(job.script).transaction === 'none')
      return await runByStatement(session, work)
    return await runWithRetries(session, work, () => watch.blockers)
  } finally {
    await watch.stop()
  }
}

/** A column can't be dropped, or given another type, while a trigger's condition names it. */
const isForDependence = (error: unknown): boolean => ['2BP01', '0A000'].includes(errorCode(error) ?? '')

/** The server's process, as it said when the connection was made. */
function processId({ client }: Session): number {
  const known: object = client
  return 'processID' in known && typeof known.processID === 'number' ? known.processID : 0
}

async function runWithRetries(
  session: Session,
  work: Work,
  blockers: () => readonly Blocker[],
): Promise<number> {
  const { step, hooks } = work
  const start = performance.now()
  let attempts = 0
  let aside = false
  const attempt = async () => {
    attempts += 1
    return await attemptInTransaction(session, work, aside).catch(async (error) => {
      if (aside || !isForDependence(error)) throw error
      aside = true
      return await attemptInTransaction(session, work, aside)
    })
  }
  try {
    return await retryWhileLocked(attempt, (error) => isLockError(error), retryTimeOf(work), hooks.onRetry)
  } catch (error) {
    if (demandsNoTransaction(error)) return await runByStatement(session, work)
    if (!isLockError(error)) throw error
    throw lockTimedOut(
      {
        database: step.database,
        revision: step.revision.name,
        seconds: Math.round((performance.now() - start) / 100) / 10,
        attempts,
        holders: blockers().map(describeBlocker),
      },
      error,
    )
  }
}

const retryTimeOf = ({ settings, options }: Work): number =>
  settings.lockRetryTime ?? options.lockRetryTime ?? defaultLockRetryTime

/**
 * One attempt. Rejects with the driver's own error when nothing is done and another way may lead on, else with
 * the failure that people are to see.
 */
async function attemptInTransaction(session: Session, work: Work, aside: boolean): Promise<number> {
  try {
    return await runInTransaction(session, work, aside)
  } catch (error) {
    const ended = await hasEnded(session)
    if (!ended) await session.client.query('ROLLBACK').catch(() => {})
    const committedItself = await giveUp(session, work, ended, errorMessage(error))
    const mayGoAside = !aside && work.hooks.guard !== undefined && isForDependence(error)
    const mayGoOn = demandsNoTransaction(error) || isLockError(error) || mayGoAside
    if (!committedItself && mayGoOn) throw error
    throw explainStepError(error, work, committedItself ? partlyDone : 'Nothing of it is done.')
  }
}

/**
 * Whether the script ended the transaction around it, so that something of it may stay; the row is then
 * left unfinished. The row shows it too: had the transaction been whole, it would be gone with it.
 */
async function giveUp({ client }: Session, { books }: Work, ended: boolean, logs: string): Promise<boolean> {
  if (ended) await client.query(books.open).catch(() => {})
  const updated = await client.query(books.giveUp(logs)).catch(() => undefined)
  return ended || updated?.rowCount === 1
}

const partlyDone =
  'The script ends its transaction by itself, so a part of it may be done; the ledger then has it as unfinished.'

async function runInTransaction({ client }: Session, work: Work, aside: boolean): Promise<number> {
  const { script, books, target, schema, settings, options, hooks } = work
  const timeouts = setTimeouts('LOCAL', {
    ...options,
    lockTimeout: settings.lockTimeout ?? options.lockTimeout ?? defaultLockTimeout,
  })
  await client.query(`${fresh(schema)}; BEGIN; ${timeouts}${books.open}`)
  if (aside) await hooks.guard?.standAside(client, target, script)
  const rows = settings.byStatement
    ? await sendEach({ client }, work)
    : rowsWritten(await client.query(script))
  await hooks.guard?.complete(client, target)
  const open = client.getTransactionStatus() === 'T'
  await client.query(`${ownRole}; ${books.close}${open ? '; COMMIT' : ''}`)
  return rows
}

async function sendEach({ client }: Pick<Session, 'client'>, { script, hooks }: Work): Promise<number> {
  const { statements, runEach } = await cut(script)
  return await runEach(client, statements, hooks.onStatement)
}

async function runByStatement({ client }: Session, work: Work): Promise<number> {
  const { script, books, target, schema, options, hooks, halfDone } = work
  const { isToRun } = await import('./concurrent-index.ts')
  let done = halfDone?.appliedSteps ?? 0
  try {
    const { statements, runResumably } = await cut(script)
    const ends = beginnings(script, statements)
    await client.query(`${fresh(schema)};${setTimeouts('SESSION', options)} ${books.openByStatement}`)
    const rows = await runResumably(client, statements, {
      from: done,
      uncertain: halfDone !== undefined,
      advance: (statements) => books.advance(statements, ends[statements - 1] ?? nothing),
      onPosition: (statements) => {
        done = statements
      },
      isToRun: (statement, uncertain) => isToRun(client, statement, uncertain),
      retryTime: retryTimeOf(work),
      onRetry: hooks.onRetry,
      onStatement: hooks.onStatement,
    })
    await hooks.guard?.complete(client, target)
    await client.query(`${ownRole}; ${books.close}`)
    return rows
  } catch (error) {
    const logs = `${errorCode(error) ?? ''} ${errorMessage(error)}`
    const ended = `${ownRole}; RESET ALL; ${done === 0 ? books.undo(logs) : books.pause(logs)}`
    if (!(await hasEnded({ client }))) await client.query('ROLLBACK').catch(() => {})
    await client.query(ended).catch(() => {})
    throw explainStepError(error, work, whatIsLeft(done))
  }
}

/** Loaded only here: the grammar is a megabyte of WebAssembly that ordinary scripts don't need. */
async function cut(script: string) {
  const [{ splitStatements }, { runEach, runResumably }] = await Promise.all([
    import('@manybase/schema-engine/split'),
    import('./statements.ts'),
  ])
  return { statements: await splitStatements(script), runEach, runResumably }
}

const whatIsLeft = (done: number): string =>
  done === 0
    ? 'No statement of it is done; an index that CREATE INDEX CONCURRENTLY left INVALID is built again by the next run.'
    : `It runs without a transaction: ${done === 1 ? 'its first statement is done' : `its first ${done} statements are done`}, and the next run goes on after that; leave it as it is up to there.`

/** Whether no transaction is open any more. The driver hears of it after the error, with the next answer. */
async function hasEnded({ client }: Pick<Session, 'client'>): Promise<boolean> {
  await client.query('').catch(() => {})
  return client.getTransactionStatus() === 'I'
}
