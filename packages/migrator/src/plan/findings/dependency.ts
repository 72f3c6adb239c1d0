import type { ExplanationsOf } from './explain.ts'

/** What one database needs of another, against what may be changed. Refs are `database@id`. */
export type DependencyFinding =
  | {
      readonly kind: 'dependency-unmet'
      readonly database: string
      readonly revision: string
      readonly needs: string
    }
  | {
      readonly kind: 'dependent-applied'
      readonly database: string
      /** What is to be undone. */
      readonly revision: string
      /** What is applied in other databases and needs it, newest first. */
      readonly dependents: readonly string[]
    }
  | {
      readonly kind: 'dependent-unknown'
      readonly database: string
      readonly revision: string
      /** What may be applied in a database whose ledger nobody could read. */
      readonly dependents: readonly string[]
    }

export const dependencyExplanations: ExplanationsOf<DependencyFinding> = {
  'dependency-unmet': ({ database, revision, needs }) => ({
    what: `${revision} of ${database} needs ${needs}, which isn't applied.`,
    why: 'Its header says `depends-on`, and that database is left out of this command or has no URL.',
    fix: 'Leave out --only (and --auth-only, --specs-only …), so that the dependency comes along: pnpm db:migrate',
  }),
  'dependent-applied': ({ database, revision, dependents }) => ({
    what: `${revision} of ${database} can't be undone: ${dependents.join(', ')} ${dependents.length > 1 ? 'need' : 'needs'} it.`,
    why: 'Those revisions of another database are applied, and their headers say `depends-on`.',
    fix: 'Undo them first, or say --cascade (without --only) to undo them along with it.',
  }),
  'dependent-unknown': ({ database, revision, dependents }) => ({
    what: `${revision} of ${database} can't be undone: nobody knows whether ${dependents.join(', ')} ${dependents.length > 1 ? 'are' : 'is'} applied.`,
    why: 'Those revisions of another database depend on it, and that database has no URL here.',
    fix: 'Set the URL of that database too, so that its ledger can be read.',
  }),
}
