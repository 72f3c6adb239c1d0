import { defineFailure, exitCodes } from '@manybase/failure'

const { precondition } = exitCodes

export const notUpToDate = defineFailure<{ databases: readonly string[]; problems: readonly string[] }>(
  'create.not-at-head',
  precondition,
  ({ databases, problems }) => ({
    what: `Target database is not up to date: ${databases.join(', ')}.`,
    why: `A migration leads on from the head of its history. ${problems.join(' ')}`.trim(),
    fix: 'Bring it to head first: pnpm db:migrate',
  }),
)

export const messageUnusable = defineFailure<{ message: string }>(
  'create.message',
  precondition,
  ({ message }) => ({
    what: `"${message}" can't be the title of a migration.`,
    why: 'The title becomes the first line of the file and the name of its directory: it needs a letter or digit, and must not read like an entry of the header (`revises: …`).',
    fix: 'Say in a few words what changes: pnpm db create "add notes to projects"',
  }),
)

export const databaseUnsaid = defineFailure<{ databases: readonly string[] }>(
  'create.database-unsaid',
  precondition,
  ({ databases }) => ({
    what: `It isn't said which database the migration is for: ${databases.join(', ')}.`,
    why: 'Without a difference to go by, a script is written for exactly one database.',
    fix: `Name it: --only ${databases[0] ?? 'NAME'}`,
  }),
)

export const templateUnknown = defineFailure<{ name: string; known: readonly string[] }>(
  'template.unknown',
  precondition,
  ({ name, known }) => ({
    what: `There is no template "${name}".`,
    why: `The templates are ${known.join(', ')}.`,
    fix: 'List them with what they are for: pnpm db create --template',
  }),
)

export const placeholderUnknown = defineFailure<{ text: string; known: readonly string[] }>(
  'template.placeholder',
  precondition,
  ({ text, known }) => ({
    what: `"${text}" sets nothing in this template.`,
    why: `A placeholder is set as NAME=VALUE; the template has ${known.join(', ') || 'none'}.`,
    fix: 'Correct the name, or leave it out and edit the file.',
  }),
)

export const renameMalformed = defineFailure<{ text: string }>(
  'rename.malformed',
  precondition,
  ({ text }) => ({
    what: `"${text}" is no rename.`,
    why: 'A column is renamed by TABLE.OLD:TABLE.NEW, a table by OLD:NEW, in the names of the database.',
    fix: 'For example: --rename projects.title:projects.name',
  }),
)

export const renameUnknown = defineFailure<{ renames: readonly string[] }>(
  'rename.unknown',
  precondition,
  ({ renames }) => ({
    what: `Nothing can be renamed by ${renames.join(', ')}.`,
    why: 'No selected database has what stands before the colon, or it already has what stands after it.',
    fix: 'Use the names of the database, not those of the Prisma schema: pnpm db inspect',
  }),
)

export const draftUnproved = defineFailure<{ database: string; remaining: string }>(
  'create.unproved',
  precondition,
  ({ database, remaining }) => ({
    what: `The migration for ${database} would not lead to its schema, so nothing was written.`,
    why: `Applied to a shadow database, it leaves a difference:\n${remaining}`,
    fix: 'Simplify the change (two migrations instead of one), or write it by hand: pnpm db create --empty',
  }),
)

export const directoryTaken = defineFailure<{ path: string }>(
  'create.directory-taken',
  precondition,
  ({ path }) => ({
    what: `${path} is there already.`,
    why: 'Somebody else took the revision while this one was being made, and nothing is overwritten.',
    fix: 'Run the command again: it takes the next number.',
  }),
)

export const notHeads = defineFailure<{ revisions: readonly string[]; revised: readonly string[] }>(
  'merge.not-heads',
  precondition,
  ({ revisions, revised }) => ({
    what: `${revisions.join(' and ')} can't be merged.`,
    why:
      revised.length > 0
        ? `A merge joins heads, and another revision already revises ${revised.join(', ')}.`
        : 'A merge joins two or more heads of one history.',
    fix: 'See which there are: pnpm db heads',
  }),
)

export const baselineNotFirst = defineFailure<{ database: string; problem: string }>(
  'baseline.not-first',
  precondition,
  ({ database, problem }) => ({
    what: `${database} needs no baseline: ${problem}.`,
    why: 'A baseline is the first migration of a database that came about without any.',
    fix: 'To tell the ledger what is there: pnpm db stamp. For what changed since: pnpm db create',
  }),
)

export const baselineIncomplete = defineFailure<{ database: string; remaining: readonly string[] }>(
  'baseline.incomplete',
  precondition,
  ({ database, remaining }) => ({
    what: `The baseline of ${database} would not be complete, so nothing was written.`,
    why: `Made anew from it, the database differs in:\n${remaining.join('\n')}`,
    fix: 'Remove or simplify what is listed; or write the first migration by hand (a dump of the schema), and adopt it: pnpm db stamp head --verify',
  }),
)

export const squashRefused = defineFailure<{ revisions: readonly string[]; problem: string }>(
  'squash.refused',
  precondition,
  ({ revisions, problem }) => ({
    what: `${revisions.join(', ') || 'Nothing'} can't become one revision: ${problem}.`,
    why: 'A squash takes two or more revisions of one history in a straight line, which nothing else hangs on and which are nothing but migration.sql and down.sql.',
    fix: 'Choose another range: pnpm db history',
  }),
)

export const squashHalfApplied = defineFailure<{
  database: string
  applied: readonly string[]
  pending: readonly string[]
}>('squash.half-applied', precondition, ({ database, applied, pending }) => ({
  what: `${database} stands amid the range: ${applied.join(', ')} applied, ${pending.join(', ')} not.`,
  why: 'One revision is either applied or not, so its ledger could not say where it stands.',
  fix: 'Bring it to the end of the range, or back before its start: pnpm db upgrade, pnpm db downgrade',
}))

export const squashUnproved = defineFailure<{ database: string; remaining: readonly string[] }>(
  'squash.unproved',
  precondition,
  ({ database, remaining }) => ({
    what: `The squashed revision of ${database} would not make the same, so nothing was changed.`,
    why: `In shadow databases, against the revisions one by one, it differs in:\n${remaining.join('\n')}`,
    fix: 'Choose a smaller range, without the revision that is at odds.',
  }),
)
