import { exitCodes } from '@manybase/failure'
import { Argument, Option } from 'commander'
import { largestBatch } from '../data/batch-size.ts'
import { inspectData } from '../data/inspect.ts'
import { meantBy, nodesOf } from '../data/meant.ts'
import { dataToJson, renderData } from '../data/render.ts'
import { runUnit } from '../data/run-unit.ts'
import { type DataStatus, isLeft } from '../data/status.ts'
import { rollOut } from '../fleet/roll-out.ts'
import { makeSlots } from '../fleet/slots.ts'
import { stagesOf } from '../fleet/stages.ts'
import { answersOf, silentOf, survey } from '../fleet/survey.ts'
import type { Unit } from '../fleet/units.ts'
import { outcomeToJson } from '../report/change.ts'
import { silentLine, silentToJson } from '../report/members.ts'
import { rollOutFailure } from '../report/roll-out.ts'
import { type ChangeFlags, withLockFlags, withLogFlags } from '../settings/change-flags.ts'
import type { Context } from '../settings/context.ts'
import { duration } from '../settings/duration.ts'
import { type JobsFlag, withJobs } from '../settings/jobs.ts'
import { listen } from '../settings/listen.ts'
import { wholeNumber } from '../settings/number.ts'
import { findUnits } from '../settings/units.ts'
import { inspectState } from '../workspace.ts'
import { baseCommand, contextFor, type MakeCommand } from './command.ts'

interface DataOptions extends ChangeFlags, JobsFlag {
  readonly batchSize?: number
  readonly batchTime?: number
  readonly maxLag?: number
  readonly maxLoad?: number
  readonly pause?: number
}

const time = (flags: string, meaning: string) => new Option(flags, meaning).argParser(duration)

export const data: MakeCommand = (shell) => {
  const command = withLogFlags(
    withLockFlags(withJobs(baseCommand('data', 'run the data migrations that are not complete, in batches'))),
  )
  return command
    .addArgument(
      new Argument('[action]', 'run: go on with what is left; status: only look; retry: begin one anew')
        .choices(['run', 'status', 'retry'])
        .default('run'),
    )
    .argument('[revision]', 'only the data migration of this revision, as 010 or NAME@010')
    .addOption(
      time('--batch-time <time>', 'how long a batch may take, which its size follows; default: 500ms'),
    )
    .option(
      '--batch-size <rows>',
      'how many rows the first batch takes',
      wholeNumber('a number of rows', largestBatch, 1),
    )
    .addOption(time('--pause <time>', 'how long to rest after each batch'))
    .addOption(time('--max-lag <time>', 'wait while a standby is further behind than this'))
    .option(
      '--max-load <sessions>',
      'wait while more sessions of the server than this are at work',
      wholeNumber('a number of sessions'),
    )
    .addHelpText(
      'after',
      `
A data migration is data.sql or data.ts beside a migration.sql. What a batch does and how far it is commit
together, so a run that was stopped in any way is gone on with. Exit code 4 of status: something is left to do.`,
    )
    .showing({
      'pnpm db data': 'after a deploy: all that is left',
      'pnpm db data run specs@010 --pause 100ms': 'one of them, with a rest after each batch',
      'pnpm -s db data status --json': 'rows done, rate, estimated end',
      'pnpm db data retry 010': 'from the beginning, whatever is done',
    })
    .action(async (action: string, word: string | undefined, options: DataOptions) => {
      if (action === 'retry' && word === undefined)
        command.error('error: retry needs the revision that is meant')
      const context = await contextFor(shell, options)
      if (action === 'status') shell.exit(await showStatus(context, word, options))
      else shell.exit(await runAll(context, word, options, action === 'retry'))
    })
}

async function showStatus(context: Context, word: string | undefined, options: DataOptions) {
  const meant = meantBy(context, await findUnits(context, options.only), word)
  const answers = await survey(
    meant.flatMap(({ unit }) => unit.targets),
    async (target) => {
      const state = await inspectState(target)
      return { state, data: await inspectData(target, state) }
    },
    options.jobs,
  )
  const states = new Map(answersOf(answers).map(({ state }) => [state.database, state]))
  const nodes = meant.flatMap(({ unit, aims }) => {
    const known = unit.targets.map(({ name }) => states.get(name)).filter((state) => state !== undefined)
    return aims ? nodesOf(known, aims) : []
  })
  const isMeant = ({ revision }: DataStatus) =>
    word === undefined || nodes.some((node) => node.revision.path === revision.path)
  const statuses = answersOf(answers).flatMap(({ data }) => data.filter(isMeant))
  if (options.json) {
    const databases = answers.map((answer) =>
      answer.kind === 'silent'
        ? silentToJson(answer)
        : { database: answer.target.name, data: answer.value.data.filter(isMeant).map(dataToJson) },
    )
    context.output.data(JSON.stringify({ databases }, null, 2))
  } else
    for (const line of [...describe(statuses), ...silentOf(answers).map(silentLine)])
      context.output.data(line)
  if (silentOf(answers).length > 0) return exitCodes.precondition
  return statuses.some(isLeft) ? exitCodes.found : exitCodes.done
}

async function runAll(context: Context, word: string | undefined, options: DataOptions, anew: boolean) {
  const { output } = context
  const meant = meantBy(context, await findUnits(context, options.only), word)
  const units = meant.map(({ unit }) => unit)
  const heard = listen(
    context,
    options,
    units.flatMap(({ targets }) => targets),
  )
  const work = (unit: Unit) => {
    const aims = meant.find((each) => each.unit === unit)?.aims
    return runUnit({ unit, aims }, { ...heard, data: { ...options, waitSeconds: options.lockWait, anew } })
  }
  const results = await rollOut(stagesOf(units, { kind: 'first', count: 0 }, 'upgrade'), work, {
    slots: makeSlots(options.jobs),
    jobs: units.length > 1 ? options.jobs : Number.POSITIVE_INFINITY,
    maxFailures: Number.POSITIVE_INFINITY,
    failureIn: ({ outcomes }) => outcomes.find((outcome) => outcome.kind === 'failed')?.error,
  })
  const runs = results.flatMap((result) =>
    result.kind !== 'not-begun' && result.value ? [result.value] : [],
  )
  const [failed] = results.filter((result) => result.kind === 'failed')
  const statuses = runs.flatMap((run) => run.statuses)
  const outcomes = runs.flatMap((run) => run.outcomes)
  if (failed) {
    for (const line of describe(statuses)) output.note(line)
    throw units.length > 1 ? rollOutFailure(results) : failed.error
  }
  if (outcomes.length === 0) output.note('Nothing to do.')
  if (options.json) {
    const names = units.flatMap(({ targets }) => targets.map(({ name }) => name))
    const databases = names.map((database) => ({
      database,
      data: statuses.filter((status) => status.database === database).map(dataToJson),
    }))
    output.data(JSON.stringify({ databases, steps: outcomes.map(outcomeToJson) }, null, 2))
  } else for (const line of describe(statuses)) output.data(line)
  return exitCodes.done
}

const describe = (statuses: readonly DataStatus[]): readonly string[] =>
  statuses.map((status) => `${isLeft(status) ? '❌' : '✅'} ${status.database}: ${renderData(status)}`)
