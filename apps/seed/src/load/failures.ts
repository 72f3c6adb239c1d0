import { defineFailure, exitCodes } from '@manybase/failure'

export const seedProduction = defineFailure<Record<never, never>>(
  'seed.production',
  exitCodes.precondition,
  () => ({
    what: 'A production database is not seeded.',
    why: 'NODE_ENV is "production", and seeded users all have the same, published password.',
    fix: 'Say --force if these databases are for show.',
  }),
)

export const seedNotEmpty = defineFailure<{ database: string; table: string }>(
  'seed.not-empty',
  exitCodes.precondition,
  ({ database, table }) => ({
    what: `${database} has rows already, in ${table}.`,
    why: 'Seeded rows among others could not be told apart.',
    fix: 'Say --reset to drop both databases and begin anew.',
  }),
)

export const seedBehind = defineFailure<{ database: string }>(
  'seed.behind',
  exitCodes.precondition,
  ({ database }) => ({
    what: `${database} is not at head.`,
    why: 'Rows are made for the tables of the last revision.',
    fix: 'Run pnpm db:migrate first.',
  }),
)

export const seedFailed = defineFailure<{ database: string; problem: string; kept: string }>(
  'seed.failed',
  exitCodes.precondition,
  ({ database, problem, kept }) => ({
    what: `Loading ${database} failed: ${problem}`,
    why: kept,
    fix: 'Mend what the server complains of and run the command again.',
  }),
)

export const seedUnmeasurable = defineFailure<{ database: string; problem: string }>(
  'seed.unmeasurable',
  exitCodes.precondition,
  ({ database, problem }) => ({
    what: `${database} can't be copied to measure on: ${problem}`,
    why: 'The bare COPY goes into a copy of the empty database, so the user must be allowed to create databases, and nobody else be connected.',
    fix: 'Seed without --measure, or measure on a server where that holds.',
  }),
)
