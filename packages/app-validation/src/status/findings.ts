import type { Explanation } from '@manybase/failure'
import type { ReferencedStatus } from './referenced.ts'
import type { ReferencingStatus } from './referencing.ts'

/** Something that somebody should see to. */
export interface StatusFinding extends Explanation {
  readonly kind: string
  readonly database: string
}

export const notInstalled = (database: string): StatusFinding => ({
  kind: 'integrity.not-installed',
  database,
  what: `${database} takes part in references, and has no schema integrity.`,
  why: 'Nothing captures what is deleted there, or nothing refuses rows that name it.',
  fix: 'Run `pnpm db:migrate`, with `integrity: referenceIntegrity()` in databases.config.ts.',
})

export const databaseNotThere = (database: string): StatusFinding => ({
  kind: 'integrity.not-installed',
  database,
  what: `${database} takes part in references, and does not exist.`,
  why: 'It has not been created yet, or its URL names another server or database than it should.',
  fix: 'Look at `pnpm db config`, and run `pnpm db:migrate`.',
})

/** @param problem such as `trigger … is missing` */
export const outOfStep = (database: string, problem: string): StatusFinding => ({
  kind: 'integrity.out-of-step',
  database,
  what: `In ${database} ${problem}.`,
  why: 'What was written or deleted meanwhile may have gone unseen: somebody changed it, or the schema changed since the last migration.',
  fix: 'Run `pnpm db:migrate`, which puts it right, and `pnpm db integrity scan`, which finds what came of it.',
})

/** @param statements that would bring the rights to what they should be */
export const rightsDiffer = (database: string, statements: readonly string[]): StatusFinding => ({
  kind: 'integrity.rights',
  database,
  what: `In ${database} roles have other rights than they should: ${statements.slice(0, 3).join('; ')}${statements.length > 3 ? `; and ${statements.length - 3} more` : ''}.`,
  why: 'With less the sweeper or the application fails at its work; with more it could do what only the migrator should.',
  fix: 'Run `pnpm db roles --apply` as an administrator, or the statements as the owner.',
})

export function referencedFindings({
  database,
  role,
  unlockable,
  oldIntents,
}: ReferencedStatus): readonly StatusFinding[] {
  const rights = unlockable.map(
    (table): StatusFinding => ({
      kind: 'integrity.lock-right',
      database,
      what: `"${role}" may not lock rows of ${table} in ${database}.`,
      why: 'The guard keeps a row from being deleted while it is named: FOR KEY SHARE takes SELECT, and UPDATE on at least one column.',
      fix: `GRANT SELECT, UPDATE (…one column…) ON ${table} TO "${role}".`,
    }),
  )
  const intents: StatusFinding = {
    kind: 'integrity.intent-left',
    database,
    what: `${oldIntents} deletions in ${database} have been in arbitration for more than five minutes.`,
    why: 'The process that arbitrated them was stopped on its way; writers that name these ids are told to retry.',
    fix: 'Run `pnpm db integrity sweep`: its recovery cancels or completes them.',
  }
  return oldIntents > 0 ? [...rights, intents] : rights
}

/** @param lag milliseconds for which the oldest deletion has waited */
export function referencingFindings(
  { database, source, role, seesSnapshots, stopped, oldReservations, unswept }: ReferencingStatus,
  { waiting, lag, maxLag }: { readonly waiting: number; readonly lag: number; readonly maxLag: number },
): readonly StatusFinding[] {
  const findings: StatusFinding[] = []
  if (!seesSnapshots) {
    findings.push({
      kind: 'integrity.blind',
      database,
      what: `"${role}" does not see the snapshots of other sessions in ${database}.`,
      why: 'A sweeper that connects as it cannot tell when a deletion is seen by all, and refuses to work.',
      fix: `GRANT pg_read_all_stats TO "${role}".`,
    })
  }
  if (stopped) {
    findings.push({
      kind: `integrity.${stopped.state}`,
      database,
      what: `Sweeping ${database} after deletions in ${source} is ${stopped.state}: ${stopped.reason} (${stopped.role}).`,
      why: 'Rows that name deleted ones stay until it goes on.',
      fix: 'When the reason is settled: pnpm db integrity resume.',
    })
  } else if (lag > maxLag) {
    findings.push({
      kind: 'integrity.lag',
      database,
      what: `${waiting + unswept} deletions in ${source} are not swept from ${database}; the oldest waits for ${Math.round(lag / 1000)} s.`,
      why: 'No sweeper runs, it cannot reach a database, or a long transaction holds up the barrier.',
      fix: 'Run `pnpm db integrity sweep`, which says what it waits for; keep one running with --watch.',
    })
  }
  if (oldReservations > 0) {
    findings.push({
      kind: 'integrity.reservation-left',
      database,
      what: `${oldReservations} ids have been reserved in ${database} for more than five minutes.`,
      why: 'The process that arbitrated their deletion was stopped on its way; writers that name them are told to retry.',
      fix: 'Run `pnpm db integrity sweep`: its recovery releases them.',
    })
  }
  return findings
}
