import { defineFailure, exitCodes } from '@manybase/failure'

const { precondition } = exitCodes

export const queriesUnusable = defineFailure<{ file: string; problem: string }>(
  'queries.unusable',
  precondition,
  ({ file, problem }) => ({
    what: `${file} holds no queries that can be explained: ${problem}.`,
    why: 'It is a file of SQL in which `-- name: NAME` stands above each query, and `-- database: NAME` where there are several databases.',
    fix: 'Correct the file; docs/reference/formats.md has an example.',
  }),
)

export const recordUnusable = defineFailure<{ file: string; problem: string }>(
  'query-plans.unusable',
  precondition,
  ({ file, problem }) => ({
    what: `${file} can't be compared with: ${problem}.`,
    why: 'It is what `pnpm db explain QUERIES --save FILE` writes.',
    fix: 'Save the plans again, before the migration.',
  }),
)
