import { errorMessage } from '@manybase/failure'
import type { Target } from '../catalog/resolve.ts'
import type { DataReport } from '../data/settings.ts'
import type { Outcome } from '../execute/execute.ts'
import type { Ended } from '../fleet/roll-out.ts'
import { defaultLogFile, type MigrationLog, openLog } from '../log/log.ts'
import type { ChangeOptions } from '../migrate.ts'
import type { Step } from '../plan/step.ts'
import { isQuiet, type Summary } from '../report/change.ts'
import { duration } from '../report/output.ts'
import { makeProgress } from '../report/progress.ts'
import { outcomeOf, renderFailed } from '../report/roll-out.ts'
import { type ChangeFlags, echoes, environmentOf, type UpgradeFlags } from './change-flags.ts'
import type { Context } from './context.ts'

/** What a change needs of a command. */
export interface Heard extends Omit<ChangeOptions, 'create'> {
  /** To be told when one of several units has ended. */
  onUnit(result: Ended<Summary>): void
}

/**
 * The flags of a change, and ears that tell people and keep the log.
 * @param several how many units there are, where each is told of as a whole and not step by step
 */
export function listen(
  context: Context,
  flags: ChangeFlags & Pick<UpgradeFlags, 'withData'>,
  targets: readonly Target[],
  several?: number,
): Heard {
  const { output, env } = context
  const echo = echoes(flags, env)
  const ended = { done: 0, failed: 0 }
  const tally = () => `${ended.done} of ${several}${ended.failed > 0 ? `, ${ended.failed} failed` : ''}`
  const progress = makeProgress(process.stderr, output.note, several === undefined ? undefined : tally)
  const say = (line: string) => {
    progress.clear()
    output.note(line)
  }
  const created = new Set<string>()
  let log: MigrationLog | undefined
  let opening: Promise<void> | undefined
  let textOf: ((report: Parameters<NonNullable<ChangeOptions['onStatement']>>[1]) => string) | undefined
  const open = async () => {
    log = openLogFor(context, flags, targets)
    if (echo) textOf = (await import('../sql-script/echo.ts')).echoOf
  }
  return {
    waitSeconds: flags.lockWait,
    environment: environmentOf(flags, env),
    byStatement: echo,
    withData: flags.withData === true,
    data: { waitSeconds: flags.lockWait },
    ...(flags.lockTimeout !== undefined && { lockTimeout: flags.lockTimeout }),
    ...(flags.backup !== undefined && {
      backUp: async (jobs) => {
        const { backUpFirst } = await import('./back-up-first.ts')
        return await backUpFirst(context, flags.backup ?? '', targets, jobs, created)
      },
    }),
    ...(flags.analyze && {
      onDone: async (jobs, sessions) => {
        const { analyzeTouched } = await import('../analyze/analyze.ts')
        await analyzeTouched(jobs, sessions, {
          onTable: ({ name }, table, milliseconds) => {
            if (several === undefined) output.step(`${name} analyze ${table}`, milliseconds)
          },
          onProblem: ({ name }, table, problem) => say(`  ${name} ${table} was not analyzed: ${problem}`),
        })
      },
    }),
    onCreate: (target, milliseconds) => {
      created.add(target.name)
      output.step(`create database ${target.name}`, milliseconds)
    },
    onWait: (session, holder) =>
      say(`  waiting for another migrator on ${session.targets.map(({ name }) => name)} (${holder})`),
    onReady: () => {
      opening ??= open()
      return opening
    },
    onStart: (step) => progress.start(nameOf(step)),
    onEnd: (outcome) => {
      progress.end(nameOf(outcome.step))
      try {
        log?.end(outcome)
      } catch (error) {
        log = undefined
        say(noLog(error))
      }
      if (several === undefined && (outcome.kind === 'done' || outcome.kind === 'skipped')) {
        output.step(`${nameOf(outcome.step)}${remark(outcome)}`, outcome.milliseconds)
      }
    },
    onSettled: (settlement) => {
      const { databases, outcome, mended, milliseconds } = settlement
      if (several !== undefined || isQuiet(settlement)) return
      const what = outcome === 'in step' ? `${mended.length} mended` : outcome
      output.step(`integrity of ${databases.join(', ')} (${what})`, milliseconds)
    },
    onNotice: (step, severity, message) => {
      log?.notice(step, { severity, message })
      say(`  ${severity} ${several === undefined ? step.revision.name : nameOf(step)}: ${message}`)
    },
    onBlocked: (step, blockers) =>
      say(
        `  ${nameOf(step)} waits for ${blockers.map(({ pid, application, query }) => `process ${pid} (${application || 'no application name'}): ${query}`).join('; ')}`,
      ),
    onRetry: (step, { attempt, pause }) =>
      say(
        `  ${nameOf(step)} didn't get its locks (attempt ${attempt}); it is rolled back, and tried again in ${duration(pause)}`,
      ),
    onBatch: (step, report) => progress.tell(nameOf(step), describeBatch(report)),
    onWaitingData: (step, reason) => progress.tell(nameOf(step), `waits: ${reason}`),
    onStatement: (step, report) => {
      const { number, total, milliseconds, rows } = report
      const facts = [duration(milliseconds), ...(rows > 0 ? [`${rows} rows`] : [])].join(', ')
      const text = textOf ? `\n${textOf(report)}` : ''
      say(
        `  ${several === undefined ? step.revision.name : nameOf(step)} ${number}/${total} (${facts})${text}`,
      )
    },
    onUnit: (result) => {
      ended.done += 1
      if (result.kind === 'failed') ended.failed += 1
      if (several === undefined) return
      progress.clear()
      if (result.kind === 'failed') output.note(`${renderFailed(result)} (${tally()})`)
      else if (outcomeOf(result) === 'changed') {
        const { steps } = result.value
        const milliseconds = steps.reduce((sum, step) => sum + (step.milliseconds ?? 0), 0)
        output.step(
          `${result.unit.name}: ${steps.length} ${steps.length === 1 ? 'step' : 'steps'} (${tally()})`,
          milliseconds,
        )
      }
    },
  }
}

const nameOf = ({ kind, database, revision }: Step) =>
  `${database} ${revision.name}${kind === 'data' ? ' data' : ''}`

const describeBatch = ({ rows, total, rate, millisecondsLeft }: DataReport): string =>
  [
    total === null ? `${rows} rows` : `${rows} of about ${total} rows`,
    `${Math.round(rate)} rows/s`,
    ...(millisecondsLeft === null ? [] : [`about ${duration(millisecondsLeft)} left`]),
  ].join(', ')

function remark(outcome: Outcome): string {
  if (outcome.kind === 'done' && outcome.step.kind === 'data') return ` (${outcome.rows} rows)`
  if (outcome.kind === 'skipped') return ` (skipped in environment ${outcome.environment})`
  return outcome.kind === 'done' && outcome.step.kind === 'downgrade' ? ' (undone)' : ''
}

/** A log that can't be written is said, and keeps nobody from migrating. */
function openLogFor(
  { catalog, env, output }: Context,
  { log }: ChangeFlags,
  targets: readonly Target[],
): MigrationLog | undefined {
  if (log === false) return undefined
  try {
    return openLog(catalog.root, log ?? env.get('DB_LOG') ?? defaultLogFile, targets)
  } catch (error) {
    output.note(noLog(error))
    return undefined
  }
}

const noLog = (error: unknown) => `  no log is kept: ${errorMessage(error)}`
