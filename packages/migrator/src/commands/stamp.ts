import { exitCodes } from '@manybase/failure'
import { type Stamp, stamp as writeStamp } from '../authoring/stamp.ts'
import type { Target } from '../catalog/resolve.ts'
import { formatRef } from '../history/revision.ts'
import { parentsOf, reach } from '../plan/reach.ts'
import { type Resolved, resolveTarget } from '../plan/resolve.ts'
import type { Situation } from '../plan/situation.ts'
import { parseTarget } from '../plan/target.ts'
import { type CommonOptions, type Context, findTargets } from '../settings/context.ts'
import { wholeNumber } from '../settings/number.ts'
import { nameIn, orBlocked, readSituation } from '../settings/situation.ts'
import { withWorkspace } from '../workspace.ts'
import { baseCommand, contextFor, type MakeCommand } from './command.ts'

interface StampOptions extends CommonOptions {
  readonly verify?: boolean
  readonly purge?: boolean
  readonly lockWait: number
}

export const stamp: MakeCommand = (shell) =>
  baseCommand('stamp', 'write into the ledger at which revision a database stands, running nothing')
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
  const target = parseTarget(text, nameIn(context))
  const situation = await readSituation(context, options, { ledgers: true })
  const resolved = orBlocked(resolveTarget(situation, target))
  const wanted = new Map(resolved.map((each) => [each.database, namesUpTo(each)]))
  const targets = (await findTargets(context, options.only)).filter(({ name }) => wanted.has(name))
  if (options.verify && !(await verify(context, situation, targets, wanted, options))) return exitCodes.found
  const stamps = await writeStamp(targets, (database) => wanted.get(database) ?? new Set(), {
    purge: options.purge ?? false,
    waitSeconds: options.lockWait,
    onWait: (session, holder) =>
      output.note(`  waiting for another migrator on ${session.targets.map(({ name }) => name)} (${holder})`),
  })
  for (const warning of unmet(situation, wanted)) output.note(`⚠ ${warning}`)
  if (options.json) output.data(JSON.stringify({ databases: stamps.map(toJson) }, null, 2))
  else for (const each of stamps) output.data(render(each, resolved))
  return exitCodes.done
}

const namesUpTo = ({ nodes }: Resolved): ReadonlySet<string> =>
  new Set([...reach(nodes, parentsOf)].map(({ revision }) => revision.name))

async function verify(
  { output }: Context,
  { states }: Situation,
  targets: readonly Target[],
  wanted: ReadonlyMap<string, ReadonlySet<string>>,
  { json }: StampOptions,
): Promise<boolean> {
  const [{ compareWith }, { renderDrift, renderOwners }] = await Promise.all([
    import('../drift/drift.ts'),
    import('../drift/render.ts'),
  ])
  const drifts = await withWorkspace(targets, { create: false }, async ({ sessions }) => {
    const all = sessions.flatMap((session) => session.targets.map((target) => ({ session, target })))
    return await Promise.all(
      all.map(({ session, target }) => {
        const history = states.find(({ database }) => database === target.name)?.history.revisions ?? []
        const revisions = history.filter(({ name }) => wanted.get(target.name)?.has(name))
        return compareWith(target, session, revisions)
      }),
    )
  })
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
