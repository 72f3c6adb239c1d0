import type { Revision } from '../history/revision.ts'
import type { LedgerRow } from '../ledger/ledger.ts'
import { skippedIn } from '../ledger/words.ts'
import type { DatabaseState } from '../plan/state.ts'
import { type DataFileName, dataFileOf } from './files.ts'
import type { Progress } from './progress.ts'

/**
 * Where a data migration stands:
 * - `waiting`: its revision isn't applied; `skipped`: it isn't for this environment;
 * - `pending`: nothing was done yet; `unfinished`: something was; `failed`: and then it failed;
 * - `running`: somebody is at it; `complete`: nothing is left.
 */
export type DataState = 'waiting' | 'skipped' | 'pending' | 'unfinished' | 'failed' | 'running' | 'complete'

export interface DataStatus {
  readonly database: string
  readonly revision: Revision
  readonly file: DataFileName
  readonly state: DataState
  /** Of the application of the revision that stands. */
  readonly progress: Progress | undefined
}

/** The data migrations of a history, in its order. Pure but for looking at which files there are. */
export function dataStatuses(
  { database, history, ledger }: DatabaseState,
  progress: readonly Progress[],
): readonly DataStatus[] {
  const rows = new Map(ledger.applied.map((row) => [row.name, row]))
  return history.revisions.flatMap((revision) => {
    const file = dataFileOf(revision)
    if (file === undefined) return []
    const row = rows.get(revision.name)
    const own = progress.find(({ ledgerId }) => ledgerId === row?.id)
    return [{ database, revision, file, state: stateOf(row, own), progress: own }]
  })
}

export function stateOf(
  row: Pick<LedgerRow, 'logs'> | undefined,
  progress: Pick<Progress, 'finishedAt' | 'running' | 'error' | 'batches'> | undefined,
): DataState {
  if (!row) return 'waiting'
  if (skippedIn(row) !== undefined) return 'skipped'
  if (!progress) return 'pending'
  if (progress.finishedAt) return 'complete'
  if (progress.running) return 'running'
  if (progress.error !== null) return 'failed'
  return progress.batches > 0 ? 'unfinished' : 'pending'
}

/** What a run is to do. */
export const isLeft = ({ state }: DataStatus): boolean =>
  ['pending', 'unfinished', 'failed', 'running'].includes(state)
