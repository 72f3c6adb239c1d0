import { exitCodes } from '@manybase/failure'
import { namesIn } from '../catalog/catalog.ts'
import { refreshClients } from '../clients/refresh.ts'
import { type Report, upgrade } from '../migrate.ts'
import { isAtHead } from '../plan/state.ts'
import { printReport } from '../report/change.ts'
import { renderState, stateToJson } from '../report/state.ts'
import { type ChangeFlags, withChangeFlags } from '../settings/change-flags.ts'
import { type Context, findPeers, findTargets } from '../settings/context.ts'
import { listen } from '../settings/listen.ts'
import { inspectStates } from '../workspace.ts'
import { action, baseCommand, type MakeCommand } from './command.ts'

interface MigrateOptions extends ChangeFlags {
  readonly checkStatus?: boolean
  readonly create: boolean
  readonly generate: boolean
}

export const migrate: MakeCommand = (shell) =>
  withChangeFlags(baseCommand('migrate', 'bring the databases to head, creating what is missing'))
    .option('--check-status', 'only look: exit code 4 when a database is not at head')
    .option('--no-create', 'refuse to create a database that does not exist')
    .option('--no-generate', 'leave the generated clients as they are')
    .addHelpText('after', '\n--<label>-only is short for --only <label>, for example --auth-only.')
    .showing({
      'pnpm db:migrate': 'all databases to head, creating what is missing',
      'pnpm db:migrate --auth-only': 'one of them',
      'pnpm db:migrate --check-status': 'only look: exit code 4 when one is not at head',
    })
    .action(
      action<MigrateOptions>(shell, (context, options) =>
        options.checkStatus ? checkStatus(context, options) : run(context, options),
      ),
    )

async function checkStatus(context: Context, options: MigrateOptions) {
  const states = await inspectStates(await findTargets(context, options.only))
  if (options.json) context.output.data(JSON.stringify({ databases: states.map(stateToJson) }, null, 2))
  else for (const state of states) context.output.data(renderState(state))
  return states.every(isAtHead) ? exitCodes.done : exitCodes.found
}

async function run(context: Context, options: MigrateOptions) {
  const { output } = context
  // The clients are generated while the databases are migrated; a failure of either is reported after both.
  const generating = options.generate ? refreshClients(context) : Promise.resolve()
  generating.catch(() => {})
  const report = await upgradeAll(context, options).catch(async (error) => {
    await generating.catch(() => {})
    throw error
  })
  await generating
  printReport(output, report, options.json === true)
  return exitCodes.done
}

async function upgradeAll(context: Context, options: MigrateOptions): Promise<Report> {
  const { output } = context
  const targets = await findTargets(context, options.only)
  const report = await upgrade(targets, {
    ...listen(context, options, targets),
    create: options.create,
    peers: async (names) => await inspectStates(await findPeers(context, names)),
    catalog: namesIn(context.catalog),
  })
  if (report.findings.length === 0 && report.outcomes.length === 0) output.note('Nothing to do.')
  return report
}
