import { progressOf } from './words.ts'

/** A row of Prisma's `_prisma_migrations`. */
export interface LedgerRow {
  readonly id: string
  readonly name: string
  readonly checksum: string
  readonly startedAt: Date
  readonly finishedAt: Date | null
  readonly rolledBackAt: Date | null
  readonly logs: string | null
  /** `applied_steps_count`: of a script without a transaction, how many statements are through. */
  readonly appliedSteps: number
}

/** What the rows of one history come to, in the order in which they were applied. */
export interface Ledger {
  readonly database: string
  /** Also what is half undone: it is applied until its undoing is complete. */
  readonly applied: readonly LedgerRow[]
  /** Started, neither finished nor rolled back: the remains of a run that failed or was killed. */
  readonly unfinished: readonly LedgerRow[]
}

/** Its `down.sql` runs without a transaction, and was stopped on the way. */
export const isHalfUndone = (row: LedgerRow): boolean => progressOf(row)?.way === 'undone'

/** Sorts rows out as every Prisma command does: one with `rolled_back_at` counts as not there. */
export function makeLedger(database: string, rows: readonly LedgerRow[]): Ledger {
  const standing = rows.filter((row) => row.rolledBackAt === null)
  return {
    database,
    applied: standing.filter((row) => row.finishedAt !== null || isHalfUndone(row)),
    unfinished: standing.filter((row) => row.finishedAt === null && !isHalfUndone(row)),
  }
}
