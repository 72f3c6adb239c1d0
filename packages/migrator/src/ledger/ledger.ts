/** A row of Prisma's `_prisma_migrations`. */
export interface LedgerRow {
  readonly id: string
  readonly name: string
  readonly checksum: string
  readonly startedAt: Date
  readonly finishedAt: Date | null
  readonly rolledBackAt: Date | null
  readonly logs: string | null
}

/** What the rows of one history come to, in the order in which they were applied. */
export interface Ledger {
  readonly database: string
  readonly applied: readonly LedgerRow[]
  /** Started, neither finished nor rolled back: the remains of a run that failed or was killed. */
  readonly unfinished: readonly LedgerRow[]
}

/** Sorts rows out as every Prisma command does: one with `rolled_back_at` counts as not there. */
export function makeLedger(database: string, rows: readonly LedgerRow[]): Ledger {
  const standing = rows.filter((row) => row.rolledBackAt === null)
  return {
    database,
    applied: standing.filter((row) => row.finishedAt !== null),
    unfinished: standing.filter((row) => row.finishedAt === null),
  }
}
