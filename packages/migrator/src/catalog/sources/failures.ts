import { defineFailure, exitCodes } from '@manybase/failure'

const { precondition } = exitCodes

type At = { list: string; place: string }

export const listUnreadable = defineFailure<{ list: string; file: string; reason: string }>(
  'list.unreadable',
  precondition,
  ({ list, file, reason }) => ({
    what: `The list of ${list} can't be read: ${file} (${reason}).`,
    why: 'Without it nobody can say which databases there are.',
    fix: 'Put the file there, a `name=url` a line, or correct its path in the catalog.',
  }),
)

export const listQueryFailed = defineFailure<{ list: string; asked: string; reason: string }>(
  'list.query-failed',
  precondition,
  ({ list, asked, reason }) => ({
    what: `The query for the list of ${list} failed: ${reason}.`,
    why: `${asked} is asked which databases there are, in a transaction that can't write.`,
    fix: `Correct the query in the catalog; when its table comes with a migration, run that first: pnpm db:migrate --only ${asked}`,
  }),
)

export const listMalformed = defineFailure<At & { problem: string }>(
  'list.malformed',
  precondition,
  ({ list, place, problem }) => ({
    what: `The list of ${list} has a member that can't be used (${place}): ${problem}.`,
    why: 'Each member needs a name, by which --only finds it and reports speak of it, and a URL.',
    fix: 'Write `name=postgresql://…` for each; a query has the columns name and url (or database, schema).',
  }),
)

export const listDuplicateName = defineFailure<At & { member: string }>(
  'list.duplicate-name',
  precondition,
  ({ list, place, member }) => ({
    what: `The list of ${list} has two members called "${member}" (${place}).`,
    why: 'Reports, --only and dependencies between lists go by the name.',
    fix: 'Give one of them another name; a URL without a name is called as its database.',
  }),
)

export const listSameDatabase = defineFailure<At & { members: readonly [string, string] }>(
  'list.same-database',
  precondition,
  ({ list, place, members }) => ({
    what: `In the list of ${list}, ${members.join(' and ')} are the same database and schema (${place}).`,
    why: 'One database would be migrated twice by the same run, and counted twice in its report.',
    fix: 'Take one of them out, or correct its URL.',
  }),
)

export const listEmpty = defineFailure<At>('list.empty', precondition, ({ list, place }) => ({
  what: `The list of ${list} has no member (${place}).`,
  why: 'A deploy that migrates nothing by mistake would look like one that went well.',
  fix: 'Correct the list; when there may be none yet, say so in the catalog: { mayBeEmpty: true }.',
}))
