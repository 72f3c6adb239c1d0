import { exitCodes } from '@manybase/failure'
import { type Stamp, stamp as writeStamp } from '../authoring/stamp.ts'
import type { Target } from '../catalog/target.ts'
import { aimsFor } from '../fleet/aims.ts'
import { mapBounded } from '../fleet/bounded.ts'
import { type Result, rollOut } from '../fleet/roll-out.ts'
import { makeSlots } from '../fleet/slots.ts'
import { stagesOf } from '../fleet/stages.ts'
import type { Unit } from '../fleet/units.ts'
import { formatRef } from '../history/revision.ts'
import { parentsOf, reach } from '../plan/reach.ts'
import { type Resolved, resolveTarget } from '../plan/resolve.ts'
import type { Situation } from '../plan/situation.ts'
import { parseTarget, type RevisionTarget } from '../plan/target.ts'
import { errorToJson } from '../report/failure.ts'
import { rollOutFailure } from '../report/roll-out.ts'
import type { CommonOptions, Context } from '../settings/context.ts'
import { type JobsFlag, withJobs } from '../settings/jobs.ts'
import { wholeNumber } from '../settings/number.ts'
import { nameIn, orBlocked, situationOf } from '../settings/situation.ts'
import { findUnits } from '../settings/units.ts'
import { inspectStates, withWorkspace } from '../workspace.ts'
import { baseCommand, contextFor, type MakeCommand } from './command.ts'

interface StampOptions extends CommonOptions, JobsFlag {
  readonly verify?: boolean
  readonly purge?: boolean
  readonly lockWait: number
}

export const stamp: MakeCommand = (shell) =>
  withJobs(baseCommand('stamp', 'write into the ledger at which revision a database stands, running nothing'))
    .argument('<revision>', 'a revision, head, heads, base, or one of these as NAME@…')
    .option(
      '--verify',
      'first compare the database with what the history makes; exit code 4 when they differ',
    )
    .option('--purge', 'forget all that the ledger says before, also what is not on disk')
    .option(
      '--lock-wait <seconds>',
      'how long to wait for another migrator',
      wholeNumber('a number of seconds'),
      60,
    )
    .showing({
      'pnpm db stamp head --verify': 'adopt databases that are what the histories make',
      'pnpm db stamp specs@005': 'one database stands at 005',
      'pnpm db stamp base --only auth': 'nothing is applied',
      'pnpm db stamp head --purge': 'forget also what is not on disk any more',
    })
    .action(async (text: string, options: StampOptions) => {
      const context = await contextFor(shell, options)
      shell.exit(await run(context, text, options))
    })

async function run(context: Context, text: string, options: StampOptions) {
  const { output } = context
  const aim = parseTarget(text, nameIn(context))
  const all = await findUnits(context, options.only)
  const aimsOf = aimsFor(all, [aim])
  const units = all.filter((unit) => aimsOf(unit).length > 0)
  const prepare = (unit: Unit) => prepareUnit(unit, aimsOf(unit)[0] ?? aim, options.jobs)
  if (options.verify && !(await verify(context, await mapBounded(units, options.jobs, prepare), options))) {
    return exitCodes.found
  }
  const results = await rollOut(stagesOf(units, { kind: 'first', count: 0 }, 'upgrade'), stampUnit, {
    slots: makeSlots(options.jobs),
    jobs: options.jobs,
    maxFailures: Number.POSITIVE_INFINITY,
    failureIn: () => undefined,
  })
  const [only, ...others] = results
  if (only?.kind === 'failed' && others.length === 0) throw only.error
  const done = results.flatMap((result) => (result.kind === 'done' ? result.value : []))
  for (const warning of done.flatMap(({ warnings }) => warnings)) output.note(`⚠ ${warning}`)
  const failed = results.some(({ kind }) => kind !== 'done')
  if (options.json) {
    const databases = [...done.flatMap(({ stamps }) => stamps.map(toJson)), ...results.flatMap(failedToJson)]
    output.data(JSON.stringify({ databases }, null, 2))
  } else
    for (const { stamps, resolved } of done) for (const each of stamps) output.data(render(each, resolved))
  if (failed && !options.json) throw rollOutFailure(results)
  return failed ? exitCodes.migrationFailed : exitCodes.done

  async function stampUnit(unit: Unit) {
    const { situation, resolved, wanted, targets } = await prepare(unit)
    const stamps = await writeStamp(targets, (database) => wanted.get(database) ?? new Set(), {
      purge: options.purge ?? false,
      waitSeconds: options.lockWait,
      onWait: (session, holder) =>
        output.note(
          `  waiting for another migrator on ${session.targets.map(({ name }) => name)} (${holder})`,
        ),
    })
    return { stamps, resolved, warnings: unmet(situation, wanted) }
  }
}

/** Where a unit stands, and which revisions are to be in its ledgers. */
interface Prepared {
  readonly situation: Situation
  readonly resolved: readonly Resolved[]
  /** Names by database. */
  readonly wanted: ReadonlyMap<string, ReadonlySet<string>>
  readonly targets: readonly Target[]
}

async function prepareUnit(unit: Unit, aim: RevisionTarget, jobs: number): Promise<Prepared> {
  const situation = situationOf(await inspectStates(unit.targets, jobs))
  const resolved = orBlocked(resolveTarget(situation, aim))
  const wanted = new Map(resolved.map((each) => [each.database, namesUpTo(each)]))
  return { situation, resolved, wanted, targets: unit.targets.filter(({ name }) => wanted.has(name)) }
}

const namesUpTo = ({ nodes }: Resolved): ReadonlySet<string> =>
  new Set([...reach(nodes, parentsOf)].map(({ revision }) => revision.name))

/** Compares all before any is stamped. */
async function verify(
  { output }: Context,
  prepared: readonly Prepared[],
  { json, jobs }: StampOptions,
): Promise<boolean> {
  const { renderDrift, renderOwners } = await import('../drift/render.ts')
  const drifts = (await mapBounded(prepared, jobs, driftsOf)).flat()
  for (const owners of drifts.map(renderOwners)) if (owners !== undefined) output.note(`⚠ ${owners}`)
  const differing = drifts.filter(({ differences }) => differences.length > 0)
  if (differing.length === 0) return true
  if (json) {
    const databases = drifts.map(({ expected, ...found }) => found)
    output.data(JSON.stringify({ databases }, null, 2))
  } else for (const line of differing.flatMap(renderDrift)) output.data(line)
  output.note('Nothing was stamped.')
  return false
}

async function driftsOf({ situation, wanted, targets }: Prepared) {
  const { compareWith } = await import('../drift/drift.ts')
  return await withWorkspace(targets, { create: false }, async ({ sessions }) => {
    const all = sessions.flatMap((session) => session.targets.map((target) => ({ session, target })))
    return await Promise.all(
      all.map(({ session, target }) => {
        const state = situation.states.find(({ database }) => database === target.name)
        const revisions = (state?.history.revisions ?? []).filter(({ name }) =>
          wanted.get(target.name)?.has(name),
        )
        return compareWith(target, session, revisions)
      }),
    )
  })
}

const failedToJson = (result: Result<unknown>) =>
  result.kind === 'failed'
    ? result.unit.targets.map(({ name }) => ({ database: name, ...errorToJson(result.error) }))
    : []

/** A dependency on another database is a remark: whoever stamps says what is there. */
function unmet({ graph, states }: Situation, wanted: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const isThere = (database: string, name: string): boolean =>
    wanted.get(database)?.has(name) ??
    states.some((state) => state.database === database && state.applied.some((each) => each.name === name))
  return graph.nodes.flatMap(({ revision, dependsOn }) => {
    if (!wanted.get(revision.database)?.has(revision.name)) return []
    return dependsOn
      .filter((need) => !isThere(need.revision.database, need.revision.name))
      .map(
        (need) =>
          `${revision.name} of ${revision.database} needs ${formatRef(need.revision)}, which isn't applied.`,
      )
  })
}

function render({ database, add, remove }: Stamp, resolved: readonly Resolved[]): string {
  const nodes = resolved.find((each) => each.database === database)?.nodes ?? []
  const at = nodes.map(({ revision }) => revision.id).join(', ') || 'base'
  const changes = [...add.map(({ name }) => `+ ${name}`), ...remove.map(({ name }) => `- ${name}`)]
  return [
    `${database}: ${at}${changes.length === 0 ? ' (as before)' : ''}`,
    ...changes.map((line) => `  ${line}`),
  ].join('\n')
}

const toJson = ({ database, add, remove }: Stamp) => ({
  database,
  added: add.map(({ name }) => name),
  removed: remove.map(({ name }) => name),
})
