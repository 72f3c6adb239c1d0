import { defineFailure, exitCodes } from '@manybase/failure'
import { type Database, namesIn, select } from '../catalog/catalog.ts'
import { type OfflineRemarks, remarksFor } from '../data/offline.ts'
import { isScriptJob, prepareJobs } from '../execute/job.ts'
import type { RunSettings } from '../execute/settings.ts'
import { planBlocked } from '../plan/failures.ts'
import { type Plan, planDowngrade, planUpgrade } from '../plan/plan.ts'
import { revisionsIn, withStepsInOneHistory } from '../plan/range.ts'
import type { DatabaseState } from '../plan/state.ts'
import { parseRange, parseTarget, type RevisionTarget, toHead } from '../plan/target.ts'
import type { CommonOptions, Context } from '../settings/context.ts'
import { findRunning } from '../settings/running.ts'
import { nameIn, orBlocked as orRefused, situationOf } from '../settings/situation.ts'
import { type CompanionScript, companionScripts } from './companion.ts'
import { offlineBooks, statesAfter, statesAtBase } from './offline.ts'
import { connectTo, connectToName, type Place, writePsqlScript } from './psql.ts'
import { writeStep } from './step.ts'

type OfflineOptions = CommonOptions & RunSettings & { readonly cascade?: boolean }

const rangeMissing = defineFailure<{ command: string }>(
  'target.range-missing',
  exitCodes.precondition,
  ({ command }) => ({
    what: `\`${command} --sql\` needs to be told where it starts.`,
    why: 'The script is written without a server, so nobody can ask where the databases stand.',
    fix: `Say from where to where: pnpm db ${command} --sql 005:003`,
  }),
)

/** Writes the way up as a script for psql: from base, or from where a range begins. */
export async function offlineUpgrade(
  context: Context,
  words: readonly string[],
  options: OfflineOptions,
): Promise<void> {
  const databases = select(context.catalog, options.only ?? [])
  const selected = new Set(databases.map(({ name }) => name))
  const base = statesAtBase(databases)
  const situation = situationOf(base)
  const ranges = words
    .filter((word) => word.includes(':'))
    .map((word) => orRefused(withStepsInOneHistory(situation, parseRange(word, nameIn(context)))))
  for (const range of ranges) orRefused(revisionsIn(situation, range))
  const single = words.filter((word) => !word.includes(':')).map((word) => parseTarget(word, nameIn(context)))
  const before = statesAfter(
    base,
    orBlocked(planUpgrade(base, selected, starts(ranges.map(({ from }) => from)))),
  )
  const aims = [...ranges.map(({ to }) => to), ...single]
  const plan = planUpgrade(before, selected, aims.length > 0 ? aims : [toHead], namesIn(context.catalog))
  await print(context, databases, before, plan, options)
}

/** Writes the way back as a script for psql, for a range only. */
export async function offlineDowngrade(
  context: Context,
  word: string | undefined,
  options: OfflineOptions,
): Promise<void> {
  if (!word?.includes(':')) throw rangeMissing({ command: 'downgrade' })
  const databases = select(context.catalog, options.only ?? [])
  const selected = new Set(databases.map(({ name }) => name))
  const base = statesAtBase(databases)
  const range = orRefused(withStepsInOneHistory(situationOf(base), parseRange(word, nameIn(context))))
  const before = statesAfter(
    base,
    orBlocked(planUpgrade(base, selected, starts([range.from]))),
    options.environment,
  )
  const plan = planDowngrade(before, selected, range.to, { cascade: options.cascade === true })
  await print(context, databases, before, plan, options)
}

const starts = (targets: readonly RevisionTarget[]): readonly RevisionTarget[] =>
  targets.filter(({ anchor }) => anchor?.kind !== 'base')

async function print(
  context: Context,
  databases: readonly Database[],
  before: readonly DatabaseState[],
  plan: Plan,
  { json, ...settings }: OfflineOptions,
): Promise<void> {
  const companions = await companionScripts(
    context,
    databases.map(({ name }) => name),
  )
  const places = await placesOf(context, databases, before, companions)
  const schemas = new Map(places.map(({ database, schema }) => [database, schema]))
  const { steps } = orBlocked(plan)
  const scripts = await Promise.all(
    prepareJobs(steps, before, settings.environment)
      .filter(isScriptJob)
      .map(async (job) => {
        const schema = schemas.get(job.step.database) ?? 'public'
        const script = await writeStep(
          schema,
          job,
          offlineBooks(schema, job),
          settings,
          companions.get(job.step.database),
        )
        const state = before.find(({ database }) => database === job.step.database)
        if (job.step.kind !== 'upgrade' || job.skippedIn !== undefined || !state) return script
        const remarks = remarksFor(job.step, state, schema)
        return { ...script, sql: surround(script.sql, remarks) }
      }),
  )
  const sql = writePsqlScript(scripts, places)
  context.output.data(json ? JSON.stringify({ sql }, null, 2) : sql.trimEnd())
}

function orBlocked(plan: Plan): Extract<Plan, { kind: 'steps' }> {
  if (plan.kind === 'steps') return plan
  const [finding, ...others] = plan.findings
  if (!finding) throw new Error('a plan is blocked by nothing')
  throw planBlocked([finding, ...others])
}

const surround = (sql: string, { before, after }: OfflineRemarks): string =>
  [
    ...before.map((each) => `${each};`),
    sql,
    ...after.map((text) => `\\echo '${text.replaceAll("'", "''")}'`),
  ].join('\n')

/** Where the databases are, as far as that can be said; otherwise under their own names on psql's server. */
async function placesOf(
  context: Context,
  databases: readonly Database[],
  states: readonly DatabaseState[],
  companions: ReadonlyMap<string, CompanionScript>,
): Promise<readonly Place[]> {
  const found = await Promise.all(databases.map((database) => findRunning(context, database)))
  const targets = new Map(found.flatMap((target) => (target ? [[target.name, target]] : [])))
  const servers = new Set(
    found.map((target) => target && `${target.connection.host}:${target.connection.port}`),
  )
  return states.map(({ database, applied }) => {
    const connection = targets.get(database)?.connection
    return {
      database,
      schema: connection?.schema ?? 'public',
      connect: connection ? connectTo(connection, servers.size > 1) : connectToName(database),
      applied: applied.map(({ name }) => name),
      companion: companions.get(database)?.arrive,
    }
  })
}
