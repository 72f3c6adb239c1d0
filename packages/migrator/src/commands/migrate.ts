import { exitCodes } from '@manybase/failure'
import { namesIn } from '../catalog/catalog.ts'
import { refreshClients } from '../clients/refresh.ts'
import { attachCompanion } from '../companion/attachment.ts'
import { answersOf, silentOf, survey } from '../fleet/survey.ts'
import { toHead } from '../migrate.ts'
import { isAtHead } from '../plan/state.ts'
import { answerToJson, renderAnswers } from '../report/members.ts'
import { printRollOut } from '../report/roll-out.ts'
import { renderState } from '../report/state.ts'
import { type UpgradeFlags, withUpgradeFlags } from '../settings/change-flags.ts'
import { type Context, findTargets } from '../settings/context.ts'
import { makePeers } from '../settings/peers.ts'
import { changeUnits, type RollOutFlags, withRollOutFlags } from '../settings/roll-out.ts'
import { findUnits } from '../settings/units.ts'
import { inspectState } from '../workspace.ts'
import { action, baseCommand, type MakeCommand } from './command.ts'

interface MigrateOptions extends UpgradeFlags, RollOutFlags {
  readonly checkStatus?: boolean
  readonly create: boolean
  readonly generate: boolean
}

export const migrate: MakeCommand = (shell) =>
  withRollOutFlags(
    withUpgradeFlags(baseCommand('migrate', 'bring the databases to head, creating what is missing')),
  )
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
  const answers = await survey(await findTargets(context, options.only), inspectState, options.jobs)
  if (options.json) context.output.data(JSON.stringify({ databases: answers.map(answerToJson) }, null, 2))
  else for (const line of renderAnswers(answers, (state) => [renderState(state)])) context.output.data(line)
  if (silentOf(answers).length > 0) return exitCodes.precondition
  const states = answersOf(answers)
  const { findStale } = await import('../companion/inspect.ts')
  const targets = answers.map(({ target }) => target)
  const stale = await findStale(await attachCompanion(context, targets), targets, states)
  for (const database of stale)
    context.output.note(`integrity of ${database} is not in step: pnpm db:migrate`)
  return states.every(isAtHead) && stale.length === 0 ? exitCodes.done : exitCodes.found
}

async function run(context: Context, options: MigrateOptions) {
  const { output } = context
  // The clients are generated while the databases are migrated; a failure of either is reported after both.
  const generating = options.generate ? refreshClients(context) : Promise.resolve()
  generating.catch(() => {})
  const results = await upgradeAll(context, options).catch(async (error) => {
    await generating.catch(() => {})
    throw error
  })
  await generating
  return printRollOut(output, results, options.json === true) ? exitCodes.done : exitCodes.migrationFailed
}

async function upgradeAll(context: Context, options: MigrateOptions) {
  const units = await findUnits(context, options.only)
  const peers = makePeers(context, units)
  return await changeUnits(context, options, {
    units,
    direction: 'upgrade',
    create: options.create,
    plannerOf: () => toHead((names) => peers.states(names), namesIn(context.catalog)),
  })
}
