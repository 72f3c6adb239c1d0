import { defineFailure, exitCodes } from '@manybase/failure'

export const schemaMissing = defineFailure(
  'schema.missing',
  exitCodes.precondition,
  ({ database, path }: { database: string; path: string }) => ({
    what: `There is no Prisma schema of ${database} at ${path}.`,
    why: 'Neither a file nor a folder with .prisma files is there.',
    fix: 'Correct the path: <database>=<path of schema.prisma, or of the folder of schema files>.',
  }),
)

export const schemaInvalid = defineFailure(
  'schema.invalid',
  exitCodes.precondition,
  ({ database, message }: { database: string; message: string }) => ({
    what: `The Prisma schema of ${database} is not valid.`,
    why: message,
    fix: 'Run `prisma validate` in its package. A model marked @@ignore has to be valid without the mark too.',
  }),
)

export const argumentsInvalid = defineFailure(
  'arguments.invalid',
  exitCodes.precondition,
  ({ problem, usage }: { problem: string; usage: string }) => ({
    what: 'The arguments cannot be understood.',
    why: problem,
    fix: usage,
  }),
)
