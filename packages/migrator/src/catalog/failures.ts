import { defineFailure, exitCodes } from '@manybase/failure'

const { precondition } = exitCodes

export const urlUnusable = defineFailure<{ variable: string; problem: string }>(
  'url.unusable',
  precondition,
  ({ variable, problem }) => ({
    what: `${variable} can't be used: ${problem}.`,
    why: 'The migrations use features that only PostgreSQL has (uuid, jsonb, triggers, transactional DDL).',
    fix: `Set ${variable}=postgresql://user:password@host:5432/database (percent-encode special characters in the password).`,
  }),
)

export const urlMissing = defineFailure<{ variables: readonly string[] }>(
  'url.missing',
  precondition,
  ({ variables }) => ({
    what: `${variables.join(' and ')} ${variables.length > 1 ? 'are' : 'is'} not set.`,
    why: 'With NODE_ENV=production, or without a local server in the catalog, a database is never made up.',
    fix: `Set ${variables.map((name) => `${name}=postgresql://…`).join(' ')} in the environment or in .env; without NODE_ENV=production a local server is used.`,
  }),
)

export const urlIncomplete = defineFailure<{ set: readonly string[]; unset: readonly string[] }>(
  'url.incomplete',
  precondition,
  ({ set, unset }) => ({
    what: `${set.join(', ')} is set and ${unset.join(', ')} is not.`,
    why: 'The databases belong together: one on your server and one on a local server would never agree.',
    fix: `Set ${unset.join(', ')} too, or name the databases that you mean (--only NAME).`,
  }),
)

export const configMissing = defineFailure<{ place: string }>(
  'config.missing',
  precondition,
  ({ place }) => ({
    what: `There is no ${place}.`,
    why: 'The catalog says which databases there are and where their histories lie.',
    fix: 'Run the command in the repository, or name the catalog with --config FILE.',
  }),
)

export const configInvalid = defineFailure<{ file: string; problem: string }>(
  'config.invalid',
  precondition,
  ({ file, problem }) => ({
    what: `${file} isn't a catalog: ${problem}.`,
    why: 'A catalog exports defineDatabases({ databases: { name: { directory, url } } }) as its default.',
    fix: 'Mend the file; docs/reference/catalog.md shows every option.',
  }),
)

export const databaseUnknown = defineFailure<{ name: string; known: readonly string[] }>(
  'database.unknown',
  precondition,
  ({ name, known }) => ({
    what: `There is no database "${name}" in the catalog.`,
    why: `The catalog has ${known.slice(0, 12).join(', ')}${known.length > 12 ? ` and ${known.length - 12} more` : ''}.`,
    fix: 'Use one of those names, or its label.',
  }),
)

export const schemaUnknown = defineFailure<{ path: string; known: readonly string[] }>(
  'database.schema-unknown',
  precondition,
  ({ path, known }) => ({
    what: `The schema ${path} belongs to no database of the catalog.`,
    why: `The catalog has ${known.join(', ')}.`,
    fix: 'Add its database to databases.config.ts, or take the generator of references out of the schema.',
  }),
)

export const schemaMissing = defineFailure<{ database: string; path: string }>(
  'check.schema-missing',
  precondition,
  ({ database, path }) => ({
    what: `The Prisma schema of ${database} isn't there: ${path}.`,
    why: 'It is what the history is compared with.',
    fix: 'Restore it, or correct `schema` in the catalog.',
  }),
)
