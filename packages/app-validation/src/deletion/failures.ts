import { defineFailure, exitCodes } from '@manybase/failure'

export const deleteUnreferenced = defineFailure<{ model: string; databases: readonly string[] }>(
  'delete.unreferenced',
  exitCodes.precondition,
  ({ model, databases }) => ({
    what: `Nothing that was given refers to ${model}.`,
    why: `${databases.length === 0 ? 'No database was given' : `No reference of ${databases.join(' or ')} names a row of it`}.`,
    fix: 'Give the clients of the databases that refer to it; where none does, delete with its own client.',
  }),
)
