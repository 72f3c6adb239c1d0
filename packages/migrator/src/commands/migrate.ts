import { exitCodes } from '@manybase/failure'
import { refreshClients } from '../clients/refresh.ts'
import type { Outcome } from '../execute/execute.ts'
import { type Report, upgrade } from '../migrate.ts'
import { planBlocked } from '../plan/failures.ts'
import { isAtHead } from '../plan/state.ts'
import { renderState, stateToJson } from '../report/state.ts'
import { type CommonOptions, type Context, findPeers, findTargets } from '../settings/context.ts'
import { inspectStates } from '../workspace.ts'
import { action, baseCommand, type MakeCommand } from './command.ts'
import { wholeNumber } from './number.ts'

interface MigrateOptions extends CommonOptions {
  readonly checkStatus?: boolean
  readonly create: boolean
  readonly generate: boolean
  readonly lockWait: number
}

export const migrate: MakeCommand = (shell) =>
  baseCommand('migrate', 'bring the databases to head, creating what is missing')
    .option('--check-status', 'only look: exit code 4 when a database is not at head')
    .option('--no-create', 'refuse to create a database that does not exist')
    .option('--no-generate', 'leave the generated clients as they are')
    .option(
      '--lock-wait <seconds>',
      'how long to wait for another migrator',
      wholeNumber('a number of seconds'),
      60,
    )
    .addHelpText('after', '\n--<label>-only is short for --only <label>, for example --auth-only.')
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
  const [finding, ...others] = report.findings
  if (finding) throw planBlocked([finding, ...others])
  const failed = report.outcomes.find((outcome) => outcome.kind === 'failed')
  if (failed) {
    if (!options.json) for (const state of report.states) output.note(renderState(state))
    throw failed.error
  }
  if (options.json) output.data(JSON.stringify(reportToJson(report), null, 2))
  else for (const state of report.states) output.data(renderState(state))
  return exitCodes.done
}

async function upgradeAll(context: Context, options: MigrateOptions): Promise<Report> {
  const { output } = context
  const targets = await findTargets(context, options.only)
  const report = await upgrade(targets, {
    create: options.create,
    waitSeconds: options.lockWait,
    peers: async (names) => await inspectStates(await findPeers(context, names)),
    onCreate: (target, milliseconds) => output.step(`create database ${target.name}`, milliseconds),
    onWait: (session, holder) =>
      output.note(`  waiting for another migrator on ${session.targets.map(({ name }) => name)} (${holder})`),
    onNotice: (step, severity, message) => output.note(`  ${severity} ${step.revision.name}: ${message}`),
    onEnd: (outcome) => {
      if (outcome.kind === 'done') output.step(stepName(outcome), outcome.milliseconds)
    },
  })
  if (report.findings.length === 0 && report.outcomes.length === 0) output.note('Nothing to do.')
  return report
}

const stepName = ({ step }: Outcome) => `${step.database} ${step.revision.name}`

const reportToJson = (report: Report) => ({
  databases: report.states.map(stateToJson),
  steps: report.outcomes.map((outcome) => ({
    database: outcome.step.database,
    revision: outcome.step.revision.name,
    outcome: outcome.kind,
    ...('milliseconds' in outcome && { milliseconds: Math.round(outcome.milliseconds) }),
  })),
})
