import type { Explanation } from '@manybase/failure'

/** A reason why there is no plan. */
export type Finding =
  | { readonly kind: 'cycle'; readonly database: string; readonly revisions: readonly string[] }
  | {
      readonly kind: 'dependency-unmet'
      readonly database: string
      readonly revision: string
      readonly needs: string
    }
  | {
      readonly kind: 'divergent'
      readonly database: string
      readonly revision: string
      readonly path: string
    }
  | {
      readonly kind: 'duplicate-revision'
      readonly database: string
      readonly id: string
      readonly paths: readonly string[]
    }
  | { readonly kind: 'missing'; readonly database: string; readonly revision: string }
  | { readonly kind: 'multiple-heads'; readonly database: string; readonly heads: readonly string[] }
  | {
      readonly kind: 'unfinished'
      readonly database: string
      readonly revision: string
      readonly logs: string | null
    }
  | {
      readonly kind: 'unknown-parent'
      readonly database: string
      readonly revision: string
      readonly parent: string
    }

type Explain<K extends Finding['kind']> = (finding: Extract<Finding, { kind: K }>) => Explanation

const explanations: { readonly [K in Finding['kind']]: Explain<K> } = {
  cycle: ({ database, revisions }) => ({
    what: `Revisions of ${database} depend on each other in a circle: ${revisions.join(' → ')}.`,
    why: 'No order exists in which they could be applied.',
    fix: 'Correct `revises` and `depends-on` in the header of one of their migration.sql files.',
  }),
  'dependency-unmet': ({ database, revision, needs }) => ({
    what: `${revision} of ${database} needs ${needs}, which isn't applied.`,
    why: 'Its header says `depends-on`, and that database is left out of this command or has no URL.',
    fix: 'Leave out --only (and --auth-only, --specs-only …), so that the dependency comes along: pnpm db:migrate',
  }),
  divergent: ({ database, revision, path }) => ({
    what: `${revision} of ${database} was edited after it had been applied.`,
    why: `The checksum in the ledger isn't that of ${path}/migration.sql, so nobody can say what the database holds.`,
    fix: 'Restore the file from version control, and put the change into a new migration.',
  }),
  'duplicate-revision': ({ database, id, paths }) => ({
    what: `${database} has the revision ${id} ${paths.length} times: ${paths.join(', ')}.`,
    why: 'A revision is what stands before the first underscore, and names exactly one directory.',
    fix: 'Give the newer directory the next free number.',
  }),
  missing: ({ database, revision }) => ({
    what: `${revision} is applied to ${database}, and isn't on disk.`,
    why: 'The database is ahead of this checkout, or the directory was deleted or renamed.',
    fix: 'Check out the version that has the directory, or restore it.',
  }),
  'multiple-heads': ({ database, heads }) => ({
    what: `The history of ${database} has several heads: ${heads.join(', ')}.`,
    why: 'Two revisions name the same parent, so "head" is ambiguous.',
    fix: `Add a revision whose header names both: -- revises: ${heads.join(', ')}`,
  }),
  unfinished: ({ database, revision, logs }) => ({
    what: `${revision} was started on ${database} and never finished.`,
    why: logs?.trim() || 'The run that applied it was killed, or failed outside a transaction.',
    fix: `Undo what it left, then in the database's package: prisma migrate resolve --rolled-back ${revision} (or --applied, when all of it is there).`,
  }),
  'unknown-parent': ({ database, revision, parent }) => ({
    what: `${revision} of ${database} names ${parent}, and there is no such revision.`,
    why: 'The header says `revises` or `depends-on` with an id that no directory has.',
    fix: 'Correct the header, or restore the missing directory.',
  }),
}

/** What a finding says to a person. */
export const explainFinding = <F extends Finding>(finding: F): Explanation =>
  // The table has exactly one function per kind; TypeScript can't follow the pairing through an index.
  (explanations[finding.kind] as (finding: Finding) => Explanation)(finding)
