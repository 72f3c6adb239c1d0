import type { ExplanationsOf } from './explain.ts'

/** Why the words of a command name no revision, or not exactly one. `target` is as it was typed. */
export type TargetFinding =
  | {
      readonly kind: 'ambiguous-revision'
      readonly target: string
      /** As `database@id`. */
      readonly matches: readonly string[]
    }
  | {
      readonly kind: 'not-applied'
      readonly database: string
      readonly target: string
      readonly revision: string
    }
  | { readonly kind: 'range-apart'; readonly from: string; readonly to: string }
  | {
      readonly kind: 'relative-ambiguous'
      readonly database: string
      readonly target: string
      /** Where the ways part; undefined when the database itself stands at several revisions. */
      readonly at?: string
      readonly choices: readonly string[]
    }
  | { readonly kind: 'relative-direction'; readonly target: string; readonly way: 'up' | 'down' }
  | {
      readonly kind: 'relative-too-far'
      readonly database: string
      readonly target: string
      readonly from: string
      /** How many steps there are in that direction. */
      readonly available: number
    }
  | { readonly kind: 'relative-unscoped'; readonly target: string; readonly forms: readonly string[] }
  | {
      readonly kind: 'unknown-revision'
      readonly target: string
      readonly databases: readonly string[]
      /** A database of the catalog that has it and is left out of this command. */
      readonly elsewhere?: string
    }

export const targetExplanations: ExplanationsOf<TargetFinding> = {
  'ambiguous-revision': ({ target, matches }) => ({
    what: `"${target}" fits ${matches.length} revisions: ${shorten(matches)}.`,
    why: 'A revision may be shortened, and its database left out, as long as exactly one fits.',
    fix: `Write more of it, with the database before it: ${matches[0]}`,
  }),
  'not-applied': ({ database, target, revision }) => ({
    what: `${database} can't go back to "${target}": ${revision} isn't applied.`,
    why: 'A downgrade goes back to a revision that the database has been through.',
    fix: 'See where it stands: pnpm db current',
  }),
  'range-apart': ({ from, to }) => ({
    what: `No way leads from "${from}" to "${to}".`,
    why: 'A range goes up within one history: its start is an ancestor of its end.',
    fix: 'See the history: pnpm db history',
  }),
  'relative-ambiguous': ({ database, target, at, choices }) => ({
    what: `"${target}" is ambiguous in ${database}: ${at === undefined ? 'it stands at' : `at ${at} it could go to`} ${choices.join(' or ')}.`,
    why: 'Steps are counted along one line, and the history branches or merges here.',
    fix: `Name the revision itself: ${choices.map((id) => `${database}@${id}`).join(' or ')}`,
  }),
  'relative-direction': ({ target, way }) => ({
    what: `"${target}" leads the wrong way.`,
    why: `This command goes ${way}, and steps count from where the database stands.`,
    fix: way === 'up' ? 'To go back: pnpm db downgrade -1' : 'To go on: pnpm db upgrade +1',
  }),
  'relative-too-far': ({ database, target, from, available }) => ({
    what: `"${target}" goes too far: from ${from} ${database} has ${available === 0 ? 'no step' : `only ${available}`} in that direction.`,
    why: 'Relative steps are counted from revision to revision, and must all exist.',
    fix: 'Ask for fewer steps, or for `head` or `base`.',
  }),
  'relative-unscoped': ({ target, forms }) => ({
    what: `"${target}" doesn't say in which database.`,
    why: 'Steps are counted in one history, and more than one database is selected.',
    fix: `Write ${forms.join(' or ')}.`,
  }),
  'unknown-revision': ({ target, databases, elsewhere }) => ({
    what: `There is no revision "${target}" in ${databases.join(' or ')}.`,
    why: elsewhere
      ? `${elsewhere} has it, and is left out of this command.`
      : 'It is misspelt, or its directory is not in this checkout; only ids of more than three characters may be shortened.',
    fix: elsewhere ? `Leave out --only, or add ${elsewhere} to it.` : 'See the revisions: pnpm db history',
  }),
}

const shorten = (list: readonly string[]): string =>
  list.length > 4 ? `${list.slice(0, 3).join(', ')} …` : list.join(', ')
