import { defineFailure, type ExitCode, exitCodes } from '@manybase/failure'
import { mapBounded } from '../fleet/bounded.ts'
import { inspectDatabase, inspectTable, type TableView } from '../inspect/inspect.ts'
import { renderDatabase, renderTableView } from '../inspect/render.ts'
import { type CommonOptions, type Context, findTargets } from '../settings/context.ts'
import { type JobsFlag, withJobs } from '../settings/jobs.ts'
import { baseCommand, contextFor, type MakeCommand } from './command.ts'

interface InspectOptions extends CommonOptions, JobsFlag {
  readonly indexes?: boolean
}

const tableUnknown = defineFailure<{ table: string; databases: readonly string[] }>(
  'table.unknown',
  exitCodes.precondition,
  ({ table, databases }) => ({
    what: `There is no table "${table}" in ${databases.join(' or ')}.`,
    why: 'The name is misspelt, or the migration that creates it is not applied.',
    fix: 'See all tables with `pnpm db inspect`, and where the databases stand with `pnpm db status`.',
  }),
)

export const inspect: MakeCommand = (shell) =>
  withJobs(baseCommand('inspect', 'show the tables of the databases, or the make-up of one table'))
    .argument('[table]', 'a table, in whichever of the databases has it')
    .option('--indexes', 'list the indexes instead of the tables')
    .showing({
      'pnpm db inspect': 'all tables',
      'pnpm db inspect users': 'columns, indexes, constraints and triggers of a table',
      'pnpm db inspect --indexes --only auth': 'all indexes of one database',
    })
    .action(async (table: string | undefined, options: InspectOptions) => {
      const context = await contextFor(shell, options)
      shell.exit(
        await (table === undefined ? showDatabases(context, options) : showTable(context, options, table)),
      )
    })

async function showDatabases(context: Context, options: InspectOptions): Promise<ExitCode> {
  const views = await mapBounded(await findTargets(context, options.only), options.jobs, inspectDatabase)
  if (options.json) context.output.data(JSON.stringify({ databases: views }, null, 2))
  else
    for (const line of views.flatMap((view) => renderDatabase(view, options.indexes ?? false)))
      context.output.data(line)
  return exitCodes.done
}

async function showTable(context: Context, options: InspectOptions, table: string): Promise<ExitCode> {
  const targets = await findTargets(context, options.only)
  const found = await mapBounded(targets, options.jobs, (target) => inspectTable(target, table))
  const views = found.filter((view): view is TableView => view !== undefined)
  if (views.length === 0) throw tableUnknown({ table, databases: targets.map(({ name }) => name) })
  if (options.json) context.output.data(JSON.stringify({ tables: views }, null, 2))
  else for (const line of views.flatMap(renderTableView)) context.output.data(line)
  return exitCodes.done
}
