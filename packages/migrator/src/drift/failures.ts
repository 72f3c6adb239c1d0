import { defineFailure, exitCodes } from '@manybase/failure'

export const shadowForbidden = defineFailure<{ database: string; server: string; user: string }>(
  'shadow.forbidden',
  exitCodes.precondition,
  ({ database, server, user }) => ({
    what: `"${user}" may not create a shadow database on ${server}, to which the history of ${database} would be applied.`,
    why: 'What a history makes is only known by applying it to an empty database, which is dropped again.',
    fix: `Have an administrator grant it: ALTER ROLE "${user}" CREATEDB, or use a role that may.`,
  }),
)
