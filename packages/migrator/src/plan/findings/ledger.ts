import type { ExplanationsOf } from './explain.ts'

/** What keeps a ledger from agreeing with its history. */
export type LedgerFinding =
  | {
      readonly kind: 'divergent'
      readonly database: string
      readonly revision: string
      readonly path: string
    }
  | HalfDone
  | { readonly kind: 'missing'; readonly database: string; readonly revision: string }
  | {
      readonly kind: 'unfinished'
      readonly database: string
      readonly revision: string
      readonly logs: string | null
    }

/** A script without a transaction that was stopped on the way; the same direction goes on with it. */
interface HalfDone {
  readonly kind: 'half-applied' | 'half-undone'
  readonly database: string
  readonly revision: string
  /** How many of its statements are through. */
  readonly statements: number
}

export const ledgerExplanations: ExplanationsOf<LedgerFinding> = {
  divergent: ({ database, revision, path }) => ({
    what: `${revision} of ${database} was edited after it had been applied.`,
    why: `The checksum in the ledger isn't that of ${path}/migration.sql, so nobody can say what the database holds.`,
    fix: 'Restore the file from version control, and put the change into a new migration.',
  }),
  'half-applied': ({ database, revision, statements }) => ({
    what: `${revision} is applied to ${database} in part: ${statements} of its statements ${statements === 1 ? 'is' : 'are'} through.`,
    why: 'Its script runs without a transaction, and the run that applied it failed or was killed.',
    fix: 'Go on with it: pnpm db:migrate',
  }),
  'half-undone': ({ database, revision, statements }) => ({
    what: `${revision} is undone on ${database} in part: ${statements} statements of its down.sql ${statements === 1 ? 'is' : 'are'} through.`,
    why: 'Its down.sql runs without a transaction, and the run that undid it failed or was killed.',
    fix: `Go on with it: pnpm db downgrade ${database}@-1`,
  }),
  missing: ({ database, revision }) => ({
    what: `${revision} is applied to ${database}, and isn't on disk.`,
    why: 'The database is ahead of this checkout, or the directory was deleted or renamed.',
    fix: 'Check out the version that has the directory, or restore it. Where it was squashed, mend the ledger: pnpm db stamp head --purge --verify',
  }),
  unfinished: ({ database, revision, logs }) => ({
    what: `${revision} was started on ${database} and never finished.`,
    why: logs?.trim() || 'The run that applied it was killed, or failed outside a transaction.',
    fix: `Undo what it left, then in the database's package: prisma migrate resolve --rolled-back ${revision} (or --applied, when all of it is there).`,
  }),
}
