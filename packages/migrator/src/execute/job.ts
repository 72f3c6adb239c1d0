import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { dataFileOf } from '../data/files.ts'
import { beginsWith } from '../history/beginning.ts'
import { type RevisionOptions, readOptions } from '../history/options.ts'
import type { LedgerRow } from '../ledger/ledger.ts'
import { progressOf, skippedIn } from '../ledger/words.ts'
import type { DatabaseState } from '../plan/state.ts'
import { isResumable } from '../plan/state.ts'
import type { DataStep, DowngradeStep, Step, UpgradeStep } from '../plan/step.ts'
import { downMissing, scriptChanged } from './failures.ts'
import { defaultEnvironment } from './settings.ts'

/** A step with all that it takes from disk, read before the first step runs. */
export type Job = ScriptJob | DataJob

/** A data migration, in SQL or in TypeScript. */
export interface DataJob {
  readonly step: DataStep
  readonly file: string
  readonly script: string
  readonly options: RevisionOptions
}

/** A `migration.sql` or a `down.sql`. */
export interface ScriptJob {
  readonly step: UpgradeStep | DowngradeStep
  readonly file: string
  /** Empty when it is not run. */
  readonly script: string
  readonly options: RevisionOptions
  /** The environment that the revision isn't for: only the ledger is kept. */
  readonly skippedIn?: string
  /** What an earlier run left of a script without a transaction; this run goes on with it. */
  readonly halfDone?: LedgerRow
}

export const isScriptJob = (job: Job): job is ScriptJob => job.step.kind !== 'data'
export const isDataJob = (job: Job): job is DataJob => job.step.kind === 'data'

/**
 * Reads what the steps of a plan need, so that nothing is begun that can't be ended.
 * @throws `options.invalid`, `migration.down-missing`, `migration.script-changed`
 */
export function prepareJobs(
  steps: readonly Step[],
  states: readonly DatabaseState[],
  environment: string = defaultEnvironment,
): readonly Job[] {
  const ledgers = new Map(states.map(({ database, ledger }) => [database, ledger]))
  return steps.map((step) => {
    if (step.kind === 'data') return dataJob(step)
    return step.kind === 'upgrade'
      ? upgradeJob(step, ledgers.get(step.database)?.unfinished ?? [], environment)
      : downgradeJob(step)
  })
}

function dataJob(step: DataStep): DataJob {
  const file = join(step.revision.path, dataFileOf(step.revision) ?? '')
  return { step, file, script: readFileSync(file, 'utf8'), options: readOptions(step.revision) }
}

function upgradeJob(step: UpgradeStep, unfinished: readonly LedgerRow[], environment: string): ScriptJob {
  const { revision } = step
  const options = readOptions(revision)
  const file = join(revision.path, 'migration.sql')
  if (!isFor(options, environment)) return { step, file, script: '', options, skippedIn: environment }
  const halfDone = unfinished.find((row) => row.name === revision.name && isResumable(row, revision))
  return { step, file, script: revision.script, options, ...(halfDone && { halfDone }) }
}

/** Whether a revision with these options is run in an environment, or only recorded. */
export const isFor = ({ environments }: RevisionOptions, environment: string): boolean =>
  environments?.includes(environment) ?? true

function downgradeJob(step: DowngradeStep): ScriptJob {
  const { database, revision, row } = step
  const options = readOptions(revision)
  const file = join(revision.path, 'down.sql')
  const environment = skippedIn(row)
  if (environment !== undefined) {
    return { step, file, script: '', options, skippedIn: environment }
  }
  const script = readDown(step, file)
  const progress = progressOf(row)
  if (progress && !beginsWith(script, progress.through)) {
    throw scriptChanged({ database, revision: revision.name, file, statements: row.appliedSteps })
  }
  return { step, file, script, options, ...(progress && { halfDone: row }) }
}

function readDown({ database, revision }: Step, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw downMissing({ database, revision: revision.name, file }, error)
  }
}
