import { escapeLiteral } from 'pg'
import type { CompanionHistory, CompanionOffline } from '../catalog/define.ts'
import { attachCompanion } from '../companion/attachment.ts'
import { openWork, type Work } from '../companion/open.ts'
import { isScriptJob, prepareJobs } from '../execute/job.ts'
import { readHistory } from '../history/read.ts'
import { makeLedger } from '../ledger/ledger.ts'
import { createLedger, ledgerTable } from '../ledger/sql.ts'
import { makeState } from '../plan/state.ts'
import type { Context } from '../settings/context.ts'
import { offlineBooks } from './offline.ts'
import { writeStep } from './step.ts'

/** What a companion puts into a script for psql, in one database. */
export interface CompanionScript extends Pick<CompanionOffline, 'before' | 'after'> {
  /** On the first arrival in the database, and on each. */
  readonly arrive: { readonly first: string; readonly each: string }
}

/** The parts of the companion by database; none where it takes no part. */
export async function companionScripts(
  context: Context,
  names: readonly string[],
): Promise<ReadonlyMap<string, CompanionScript>> {
  const attachment = await attachCompanion(context, [])
  if (!attachment) return new Map()
  const work = await openWork(attachment)
  const scripts = names.map(async (name): Promise<readonly (readonly [string, CompanionScript])[]> => {
    const histories = work.installer.histories(name)
    if (histories.length === 0) return []
    const { prepare, before, after } = work.installer.offline(name)
    const steps = await Promise.all(histories.map((history) => historySql(work, history)))
    const arrive = { first: [schemaSql(work), ...steps].join('\n'), each: prepare }
    return [[name, { arrive, before, after }]]
  })
  return new Map((await Promise.all(scripts)).flat())
}

const schemaSql = ({ companion: { schema, createSchema } }: Work): string =>
  `${onlyIf(`to_regnamespace(${escapeLiteral(schema)}) IS NULL`, `${createSchema};`)}
${createLedger(schema).trim()};`

/** Each revision that the ledger doesn't have. */
async function historySql({ companion: { schema } }: Work, history: CompanionHistory): Promise<string> {
  const state = makeState(readHistory(history), makeLedger(history.name, []))
  const steps = state.pending.map(
    (revision) => ({ kind: 'upgrade', database: history.name, revision, needs: [] }) as const,
  )
  const written = prepareJobs(steps, [state])
    .filter(isScriptJob)
    .map(async (job) => {
      const { sql } = await writeStep(schema, job, offlineBooks(schema, job))
      const row = `SELECT FROM ${ledgerTable(schema)} WHERE rolled_back_at IS NULL AND migration_name = ${escapeLiteral(job.step.revision.name)}`
      return onlyIf(`NOT EXISTS (${row})`, sql)
    })
  return (await Promise.all(written)).join('\n')
}

const onlyIf = (condition: string, sql: string): string =>
  `SELECT ${condition} AS is_missing \\gset\n\\if :is_missing\n${sql}\n\\endif`
