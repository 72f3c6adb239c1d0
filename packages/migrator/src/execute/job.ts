import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beginsWith } from '../history/beginning.ts'
import { type RevisionOptions, readOptions } from '../history/options.ts'
import type { LedgerRow } from '../ledger/ledger.ts'
import { progressOf, skippedIn } from '../ledger/words.ts'
import type { DatabaseState } from '../plan/state.ts'
import { isResumable } from '../plan/state.ts'
import type { Step } from '../plan/step.ts'
import { downMissing, scriptChanged } from './failures.ts'
import { defaultEnvironment } from './settings.ts'

/** A step with all that it takes from disk, read before the first step runs. */
export interface Job {
  readonly step: Step
  readonly file: string
  /** Empty when it is not run. */
  readonly script: string
  readonly options: RevisionOptions
  /** The environment that the revision isn't for: only the ledger is kept. */
  readonly skippedIn?: string
  /** What an earlier run left of a script without a transaction; this run goes on with it. */
  readonly halfDone?: LedgerRow
}

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
  return steps.map((step) =>
    step.kind === 'upgrade'
      ? upgradeJob(step, ledgers.get(step.database)?.unfinished ?? [], environment)
      : downgradeJob(step),
  )
}

function upgradeJob(
  step: Step & { kind: 'upgrade' },
  unfinished: readonly LedgerRow[],
  environment: string,
): Job {
  const { revision } = step
  const options = readOptions(revision)
  const file = join(revision.path, 'migration.sql')
  if (options.environments && !options.environments.includes(environment)) {
    return { step, file, script: '', options, skippedIn: environment }
  }
  const halfDone = unfinished.find((row) => row.name === revision.name && isResumable(row, revision))
  return { step, file, script: revision.script, options, ...(halfDone && { halfDone }) }
}

function downgradeJob(step: Step & { kind: 'downgrade' }): Job {
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
