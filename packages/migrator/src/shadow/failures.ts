import { defineFailure, exitCodes } from '@manybase/failure'

const { precondition } = exitCodes

export const replayFailed = defineFailure<{ database: string; script: string; message: string }>(
  'shadow.replay-failed',
  precondition,
  ({ database, script, message }) => ({
    what: `${script} of ${database} fails on an empty database.`,
    why: `In a shadow database, with everything before it applied, PostgreSQL said: ${message}`,
    fix: 'Correct the script where it was applied nowhere yet; else add what it takes for granted to an earlier one.',
  }),
)

export const shadowForbidden = defineFailure<{ database: string; user: string }>(
  'shadow.forbidden',
  precondition,
  ({ database, user }) => ({
    what: `"${user}" may not create a shadow database beside ${database}.`,
    why: 'What a history makes is found out in an empty database, which is dropped again afterwards.',
    fix: `Work on a server where you may, or grant the right: ALTER ROLE "${user}" CREATEDB.`,
  }),
)
