import type { ExplanationsOf } from './explain.ts'

/** What keeps a ledger from agreeing with its history. */
export type LedgerFinding =
  | {
      readonly kind: 'divergent'
      readonly database: string
      readonly revision: string
      readonly path: string
    }
  | { readonly kind: 'missing'; readonly database: string; readonly revision: string }
  | {
      readonly kind: 'unfinished'
      readonly database: string
      readonly revision: string
      readonly logs: string | null
    }

export const ledgerExplanations: ExplanationsOf<LedgerFinding> = {
  divergent: ({ database, revision, path }) => ({
    what: `${revision} of ${database} was edited after it had been applied.`,
    why: `The checksum in the ledger isn't that of ${path}/migration.sql, so nobody can say what the database holds.`,
    fix: 'Restore the file from version control, and put the change into a new migration.',
  }),
  missing: ({ database, revision }) => ({
    what: `${revision} is applied to ${database}, and isn't on disk.`,
    why: 'The database is ahead of this checkout, or the directory was deleted or renamed.',
    fix: 'Check out the version that has the directory, or restore it.',
  }),
  unfinished: ({ database, revision, logs }) => ({
    what: `${revision} was started on ${database} and never finished.`,
    why: logs?.trim() || 'The run that applied it was killed, or failed outside a transaction.',
    fix: `Undo what it left, then in the database's package: prisma migrate resolve --rolled-back ${revision} (or --applied, when all of it is there).`,
  }),
}
