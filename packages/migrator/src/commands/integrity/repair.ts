import { randomUUID } from 'node:crypto'
import type { RepairAction } from '@manybase/app-validation'
import { exitCodes } from '@manybase/failure'
import { InvalidArgumentError, Option } from 'commander'
import { count } from '../../integrity/count.ts'
import { type Connections, findConnections, withSessions } from '../../integrity/links.ts'
import {
  type PlannedRepair,
  planRepairs,
  questionOf,
  renderDone,
  renderPlan,
  rowsToRepair,
} from '../../integrity/repair-report.ts'
import { scanLinks, shown } from '../../integrity/scan-links.ts'
import { describeProgress } from '../../integrity/scan-report.ts'
import { makeProgress } from '../../report/progress.ts'
import { confirmed } from '../../settings/confirm.ts'
import type { CommonOptions, Context } from '../../settings/context.ts'
import { action, baseCommand, type MakeCommand } from '../command.ts'

interface RepairOptions extends CommonOptions {
  readonly apply?: boolean
  readonly action?: RepairAction
  readonly undo?: string
  readonly yes?: boolean
}

const actions: readonly RepairAction[] = ['delete', 'set-null', 'quarantine']

export const repair: MakeCommand = (shell) =>
  baseCommand(
    'repair',
    'take out the orphans that a scan finds, with a way back; without --apply only say what',
  )
    .option('--apply', 'do it, after a question')
    .addOption(
      new Option('--action <action>', 'instead of what fits each reference, the same for all').choices(
        actions,
      ),
    )
    .addOption(
      new Option('--undo <run>', 'put back what an earlier repair has kept')
        .argParser(parseRun)
        .conflicts(['apply', 'action']),
    )
    .option('--yes', 'do not ask')
    .addHelpText(
      'after',
      `
By default the rows of a Cascade reference go to quarantine, with all that goes along inside the database, and a SetNull
column is emptied. Restrict and Keep are left to people, unless --action says otherwise. Each id is looked at once more
while nobody can write the referenced table: no row of a living one is touched. What is left of deleted ids is not kept.`,
    )
    .showing({
      'pnpm db integrity repair': 'what would be done',
      'pnpm db integrity repair --apply': 'do it, after a question with the counts',
      'pnpm db integrity repair --apply --action delete': 'for good, whatever the references say',
      'pnpm db integrity repair --undo 0b8e7c9e-2f55-4a0e-9a39-5d0f6a5b1c11': 'put the rows back',
    })
    .action(
      action<RepairOptions>(shell, async (context, options) => {
        const connections = await findConnections(context, options)
        if (options.undo !== undefined) return await undo(context, connections, options.undo, options)
        const planned = await plan(context, connections, options)
        if (!options.apply)
          return report(context, options, { applied: false, repairs: planned }, renderPlan(planned))
        const question = questionOf(planned)
        if (question === undefined)
          return report(context, options, { applied: true, run: null, repairs: [] }, renderPlan(planned))
        if (!(await confirmed(question, options.yes ?? false))) return exitCodes.declined
        return await apply(context, connections, options, planned)
      }),
    )

function parseRun(text: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) return text
  throw new InvalidArgumentError('It takes the id that `repair --apply` has shown.')
}

function report({ output }: Context, { json }: RepairOptions, data: object, lines: readonly string[]) {
  if (json) output.data(JSON.stringify(data, null, 2))
  else for (const line of lines) output.data(line)
  return exitCodes.done
}

/** JSON is for machines: nothing is drawn beside it. */
const progressOf = ({ output }: Context, { json }: RepairOptions) =>
  json ? undefined : makeProgress(process.stderr, output.note)

async function plan(
  context: Context,
  connections: Connections,
  options: RepairOptions,
): Promise<readonly PlannedRepair[]> {
  const { repairActionOf } = await import('@manybase/app-validation')
  const scans = await withSessions(
    connections,
    'repair',
    async (open) => await scanLinks(connections.links, open, progressOf(context, options)),
  )
  return planRepairs(scans, (onDelete) => repairActionOf(onDelete, options.action))
}

async function apply(
  context: Context,
  connections: Connections,
  options: RepairOptions,
  planned: readonly PlannedRepair[],
) {
  const app = await import('@manybase/app-validation')
  const run = randomUUID()
  context.output.note(`Repair ${run}`)
  const progress = progressOf(context, options)
  const request = { run, ...(options.action !== undefined && { action: options.action }) }
  const repairs = await withSessions(connections, 'repair', async (open) => {
    const done = []
    for (const link of connections.links) {
      const total = rowsToRepair(planned, link)
      const columns = await shown(progress, link, async (tell, start) => {
        const since = () => performance.now() - start
        return await app.repair((side) => open(link, side), link, {
          ...request,
          onProgress: (how) => tell(describeProgress(how, since())),
          onRepaired: (passed) => tell(describeProgress({ passed, total }, since(), 'rows')),
        })
      })
      done.push({ source: link.source, referencing: link.referencing, columns })
    }
    return done
  }).catch((error) => {
    context.output.note(`What was kept before goes back by pnpm db integrity repair --undo ${run}`)
    throw error
  })
  return report(context, options, { applied: true, run, repairs }, renderDone(run, repairs))
}

async function undo(context: Context, connections: Connections, run: string, options: RepairOptions) {
  const { repairUnknown, undoRepair } = await import('@manybase/app-validation')
  const links = [...new Map(connections.links.map((link) => [link.referencing, link])).values()]
  const undone = await withSessions(connections, 'repair', async (open) => {
    const done = []
    for (const link of links) {
      const tables = await undoRepair(await open(link, 'referencing'), run)
      done.push(...tables.map((table) => ({ database: link.referencing, ...table })))
    }
    return done
  })
  if (undone.length === 0)
    throw repairUnknown({ run, databases: links.map(({ referencing }) => referencing) })
  const lines = undone.map(
    ({ database, table, action, rows, skipped }) =>
      `✅ ${database}: ${count(rows, 'row')} of ${table} ${action === 'inserted' ? 'put back' : 'set again'}${skipped > 0 ? `, ${skipped} skipped` : ''}`,
  )
  return report(context, options, { run, undone }, lines)
}
