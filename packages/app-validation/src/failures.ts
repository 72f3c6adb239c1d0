import { defineFailure, exitCodes } from '@manybase/failure'

export const schemaMissing = defineFailure(
  'schema.missing',
  exitCodes.precondition,
  ({ database, path }: { database: string; path: string }) => ({
    what: `There is no Prisma schema of ${database} at ${path}.`,
    why: 'Neither a file nor a folder with .prisma files is there.',
    fix: 'Correct `schema` in the catalog: the path of schema.prisma, or of the folder of schema files.',
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
