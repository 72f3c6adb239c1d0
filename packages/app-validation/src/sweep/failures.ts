import { defineFailure, exitCodes } from '@manybase/failure'

const { precondition } = exitCodes

export const sweepBlind = defineFailure<{ user: string }>('sweep.blind', precondition, ({ user }) => ({
  what: `${user} can't see the snapshots of other sessions.`,
  why: 'A sweep is complete only when no transaction can see the time before the deletion any more.',
  fix: `GRANT pg_read_all_stats TO ${user}; as a superuser, in the referencing database's server.`,
}))

export const sweepStuck = defineFailure<{ reference: string; rows: number; reason: string }>(
  'sweep.stuck',
  precondition,
  ({ reference, rows, reason }) => ({
    what: `Up to ${rows} rows of ${reference} still name deleted rows.`,
    why: `The sweep has tried again and again: ${reason}.`,
    fix: 'Look for a BEFORE trigger, a rule or a session that holds them; the sweep goes on as soon as it can.',
  }),
)

export const sweepPaused = defineFailure<{ source: string; reason: string; by: string }>(
  'sweep.paused',
  precondition,
  ({ source, reason, by }) => ({
    what: `Sweeping after deletions in ${source} is paused.`,
    why: `${by} said: ${reason}.`,
    fix: `When that is settled: pnpm db integrity resume.`,
  }),
)

export const integrityMissing = defineFailure<{ database: string }>(
  'integrity.missing',
  precondition,
  ({ database }) => ({
    what: `${database} has no schema "integrity".`,
    why: 'The delete log, the tombstones and the triggers are installed there by the migrations.',
    fix: 'Run pnpm db:migrate.',
  }),
)
