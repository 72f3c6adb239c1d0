import type { ExplanationsOf } from './explain.ts'

/** What is wrong with the histories themselves; `paths` are directories of revisions. */
export type GraphFinding =
  | {
      readonly kind: 'cycle'
      readonly database: string
      /** As `database@id`; the first one is also the last. */
      readonly revisions: readonly string[]
      readonly paths: readonly string[]
    }
  | {
      readonly kind: 'dependency-on-list'
      readonly database: string
      readonly revision: string
      readonly list: string
      readonly paths: readonly string[]
    }
  | {
      readonly kind: 'duplicate-revision'
      readonly database: string
      readonly id: string
      readonly paths: readonly string[]
    }
  | { readonly kind: 'multiple-heads'; readonly database: string; readonly heads: readonly string[] }
  | {
      readonly kind: 'name-order'
      readonly database: string
      /** Directory names: `revision` sorts before `needs`, and needs it. */
      readonly revision: string
      readonly needs: string
      readonly paths: readonly string[]
    }
  | {
      readonly kind: 'unknown-database'
      readonly database: string
      readonly revision: string
      /** `database@id`, where the catalog has no such database. */
      readonly needs: string
      readonly known: readonly string[]
      readonly paths: readonly string[]
    }
  | {
      readonly kind: 'unknown-parent'
      readonly database: string
      readonly revision: string
      readonly parent: string
      readonly paths: readonly string[]
    }

export const graphExplanations: ExplanationsOf<GraphFinding> = {
  cycle: ({ database, revisions, paths }) => ({
    what: `Revisions of ${database} depend on each other in a circle: ${revisions.join(' → ')}.`,
    why: 'No order exists in which they could be applied.',
    fix: `Correct \`revises\` and \`depends-on\` in the header of one of these: ${scripts(paths)}`,
  }),
  'dependency-on-list': ({ database, revision, list, paths }) => ({
    what: `${revision} of ${database} depends on ${list}, which is a list of databases.`,
    why: 'Members of a list come, go and fail one by one, so nobody could say when that is met.',
    fix: `Let the list depend on the single database instead, or take \`depends-on\` out of ${scripts(paths)}`,
  }),
  'duplicate-revision': ({ database, id, paths }) => ({
    what: `${database} has the revision ${id} ${paths.length} times: ${paths.join(', ')}.`,
    why: 'A revision is what stands before the first underscore, and names exactly one directory.',
    fix: 'Give the newer directory the next free number.',
  }),
  'multiple-heads': ({ database, heads }) => ({
    what: `The history of ${database} has several heads: ${heads.join(', ')}.`,
    why: 'Two revisions name the same parent, or begin at base, so "head" is ambiguous.',
    fix: `Join them: pnpm db merge ${heads.join(' ')} (it adds a revision with -- revises: ${heads.join(', ')})`,
  }),
  'name-order': ({ database, revision, needs, paths }) => ({
    what: `${revision} of ${database} sorts before ${needs}, which it needs.`,
    why: 'Prisma applies a history in the order of its names, and would fail on an empty database.',
    fix: `Rename the directory that was applied nowhere yet, so that it sorts after: ${paths.join(', ')}`,
  }),
  'unknown-database': ({ database, revision, needs, known, paths }) => ({
    what: `${revision} of ${database} depends on ${needs}, and the catalog has no such database.`,
    why: `The catalog has ${known.join(', ')}; labels don't count here. The header stands in ${scripts(paths)}`,
    fix: 'Correct `depends-on`, or add the database to databases.config.ts.',
  }),
  'unknown-parent': ({ database, revision, parent, paths }) => ({
    what: `${revision} of ${database} names ${parent}, and there is no such revision.`,
    why: `The header says \`revises\` or \`depends-on\` with an id that no directory has. It stands in ${scripts(paths)}`,
    fix: 'Correct the header, or restore the missing directory.',
  }),
}

const scripts = (paths: readonly string[]): string => paths.map((path) => `${path}/migration.sql`).join(', ')
