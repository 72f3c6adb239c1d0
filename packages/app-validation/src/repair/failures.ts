import { defineFailure, exitCodes } from '@manybase/failure'

const { precondition } = exitCodes

export const repairBlocked = defineFailure<{ reference: string; reason: string }>(
  'repair.blocked',
  precondition,
  ({ reference, reason }) => ({
    what: `The orphans of ${reference} can't be repaired this way.`,
    why: reason,
    fix: 'Choose another --action, or settle by hand what keeps the rows. What was repaired before stays repaired.',
  }),
)

export const repairContended = defineFailure<{ table: string }>(
  'repair.contended',
  precondition,
  ({ table }) => ({
    what: `The repair didn't get its locks on ${table}.`,
    why: 'While a few orphans are taken out, nobody may write the referenced table, or their ids could come alive; other sessions kept it, or the rows, busy.',
    fix: 'Try again when it is quieter. What was repaired before stays repaired.',
  }),
)

export const repairUnknown = defineFailure<{ run: string; databases: readonly string[] }>(
  'repair.unknown',
  precondition,
  ({ run, databases }) => ({
    what: `There is no repair ${run} to undo.`,
    why: `Neither the quarantine of ${databases.join(' nor that of ')} has rows of it that are still out.`,
    fix: 'Name a run as `repair --apply` has shown it. Rows of deleted users are not kept.',
  }),
)

export const undoRefused = defineFailure<{ table: string; reason: string }>(
  'repair.undo-refused',
  precondition,
  ({ table, reason }) => ({
    what: `Rows can't be put back into ${table}, so nothing was.`,
    why: reason,
    fix: 'Rows of an id that was deleted meanwhile need `pnpm db integrity revive` first; what took their place has to go.',
  }),
)
