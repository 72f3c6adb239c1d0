import { defineFailure, exitCodes } from '@manybase/failure'

export const companionNewer = defineFailure<{ schema: string; revisions: readonly string[] }>(
  'companion.newer',
  exitCodes.precondition,
  ({ schema, revisions }) => ({
    what: `The schema ${schema} has revisions that aren't known here: ${revisions.join(', ')}.`,
    why: 'A newer release has installed it, and this one cannot tell what they did.',
    fix: 'Use the release that is in force elsewhere.',
  }),
)

export const companionSchemaTaken = defineFailure<{ database: string; schema: string }>(
  'companion.schema-taken',
  exitCodes.precondition,
  ({ database, schema }) => ({
    what: `${database} already has a schema ${schema}, of something else.`,
    why: 'What keeps references intact needs a schema of that name to itself.',
    fix: `Rename it (ALTER SCHEMA ${schema} RENAME TO …), or take \`integrity\` out of databases.config.ts.`,
  }),
)

export const companionLocked = defineFailure<{ database: string; table: string; seconds: number }>(
  'companion.locked',
  exitCodes.precondition,
  ({ database, table, seconds }) => ({
    what: `The triggers on ${table} of ${database} could not be brought in step within ${seconds} s.`,
    why: 'A trigger needs its table to itself for a moment, and other sessions kept it busy. Everything else is done.',
    fix: 'Run `pnpm db:migrate` again when the table is quieter; `pnpm db integrity status` shows what is missing.',
  }),
)
