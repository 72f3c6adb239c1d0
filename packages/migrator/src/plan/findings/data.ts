import type { ExplanationsOf } from './explain.ts'

/** A revision wants the data migration of another one to be complete, and it isn't. */
export type DataFinding =
  | {
      readonly kind: 'data-incomplete'
      readonly database: string
      /** The directory's name. */
      readonly revision: string
      /** Id of the revision whose data migration it needs. */
      readonly needs: string
      /** Whether that revision is applied already, so that its data migration can be run. */
      readonly applied: boolean
    }
  | {
      readonly kind: 'data-unknown'
      readonly database: string
      readonly revision: string
      readonly needs: string
      readonly problem: string
    }

export const dataExplanations: ExplanationsOf<DataFinding> = {
  'data-incomplete': ({ database, revision, needs, applied }) => ({
    what: `${revision} of ${database} needs the data migration of ${needs}, which isn't complete.`,
    why: 'Its options.json says `requiresData`: what it does would fail, or be wrong, on rows that are not there yet.',
    fix: applied
      ? `Run it, and then this command again: pnpm db data run ${database}@${needs} (or all in one go: --with-data)`
      : `Go up to there, run it, and then this command again: pnpm db upgrade ${database}@${needs} && pnpm db data run ${database}@${needs} (or all in one go: --with-data)`,
  }),
  'data-unknown': ({ database, revision, needs, problem }) => ({
    what: `${revision} of ${database} needs the data migration of ${needs}, and ${problem}.`,
    why: 'Its options.json says `requiresData` with an id whose data migration can never be complete before.',
    fix: 'Correct the id in options.json, or restore the file that is missing.',
  }),
}
