import { defineFailure, exitCodes } from '@manybase/failure'

export const serverPooled = defineFailure<{ database: string }>(
  'server.pooled',
  exitCodes.precondition,
  ({ database }) => ({
    what: `${database} is reached through a pooler that shares its connections.`,
    why: 'Locks, LISTEN and settings belong to a session, and such a pooler gives the session to others after each transaction.',
    fix: 'Give this process the URL of the server itself, or of a pooler in session mode. Clients may go on through the pooler.',
  }),
)
