import { exitCodes } from '@manybase/failure'
import type { Target } from '../catalog/target.ts'
import { attachCompanion } from '../companion/attachment.ts'
import type { CompanionState } from '../companion/inspect.ts'
import { inspectData } from '../data/inspect.ts'
import { dataToJson, renderData } from '../data/render.ts'
import type { DataStatus } from '../data/status.ts'
import { answersOf, silentOf, survey } from '../fleet/survey.ts'
import { skippedIn as environmentOfSkip } from '../ledger/words.ts'
import { explainFinding } from '../plan/findings.ts'
import type { DatabaseState } from '../plan/state.ts'
import { answerToJson, renderAnswers } from '../report/members.ts'
import { renderState } from '../report/state.ts'
import { type CommonOptions, type Context, findTargets } from '../settings/context.ts'
import { type JobsFlag, withJobs } from '../settings/jobs.ts'
import { inspectState } from '../workspace.ts'
import { action, baseCommand, type MakeCommand } from './command.ts'

interface StatusOptions extends CommonOptions, JobsFlag {
  readonly verbose?: boolean
}

export const status: MakeCommand = (shell) =>
  withJobs(baseCommand('status', 'show where each database stands, and what is pending'))
    .addHelpText(
      'after',
      `
Of a list of databases those at head are counted and the others described; exit code 2 when one of them doesn't answer.`,
    )
    .option('--verbose', 'also what keeps references between the databases intact')
    .showing({
      'pnpm db status': 'a line for each database, and what is pending',
      'pnpm db status --verbose': 'also the schema `integrity` and its triggers',
      'pnpm -s db status --json': 'the same for a program',
    })
    .action(
      action<StatusOptions>(shell, async (context, options) => {
        const data = new Map<string, readonly DataStatus[]>()
        const ask = async (target: Target) => {
          const state = await inspectState(target)
          data.set(target.name, await inspectData(target, state))
          return state
        }
        const targets = await findTargets(context, options.only)
        const answers = await survey(targets, ask, options.jobs)
        const dataOf = (database: string) => data.get(database) ?? []
        const companions = options.verbose
          ? await inspectCompanions(context, targets, answersOf(answers))
          : []
        const companionOf = (name: string) => companions.find(({ database }) => database === name)
        if (options.json) {
          const databases = answers.map((answer) => ({
            ...answerToJson(answer),
            ...(answer.kind === 'answered' && {
              skipped: skippedIn(answer.value),
              data: dataOf(answer.target.name).map(dataToJson),
            }),
            ...companionToJson(companionOf(answer.target.name)),
          }))
          context.output.data(JSON.stringify({ databases }, null, 2))
        } else {
          const lines = renderAnswers(answers, (state) => [
            ...describe(state, dataOf(state.database)),
            ...describeCompanion(companionOf(state.database)),
          ])
          for (const line of lines) context.output.data(line)
        }
        return silentOf(answers).length === 0 ? exitCodes.done : exitCodes.precondition
      }),
    )

function describe(state: DatabaseState, data: readonly DataStatus[]): string[] {
  const { applied, pending, findings } = state
  const skipped = new Map(skippedIn(state).map(({ revision, environment }) => [revision, environment]))
  const describeApplied = (name: string) => {
    const environment = skipped.get(name)
    return environment === undefined ? `applied  ${name}` : `skipped  ${name} (in environment ${environment})`
  }
  return [
    renderState(state),
    ...applied.map(({ name }) => `   ${describeApplied(name)}`),
    ...pending.map(({ name }) => `   pending  ${name}`),
    ...data.map((each) => `   data  ${renderData(each)}`),
    ...findings.map((finding) => `   ${finding.kind}  ${explainFinding(finding).what}`),
  ]
}

/** The applied revisions whose scripts were not run, since they are for other environments. */
const skippedIn = ({ ledger }: DatabaseState): readonly { revision: string; environment: string }[] =>
  ledger.applied.flatMap((row) => {
    const environment = environmentOfSkip(row)
    return environment === undefined ? [] : [{ revision: row.name, environment }]
  })

async function inspectCompanions(
  context: Context,
  targets: readonly Target[],
  states: readonly DatabaseState[],
): Promise<readonly CompanionState[]> {
  const attachment = await attachCompanion(context, targets)
  if (!attachment) return []
  const { inspectCompanion } = await import('../companion/inspect.ts')
  return await inspectCompanion(attachment, targets, states)
}

function companionToJson(companion: CompanionState | undefined): object {
  if (!companion) return {}
  const { isInStep, applied } = companion
  return { integrity: { isInStep, applied, problems: problemsOf(companion) } }
}

function describeCompanion(companion: CompanionState | undefined): readonly string[] {
  if (!companion) return []
  const { isInStep, applied } = companion
  const revisions = applied.length > 0 ? applied.join(', ') : 'not installed'
  return [
    `   integrity  ${revisions}${isInStep ? '' : ' (not in step: pnpm db:migrate)'}`,
    ...problemsOf(companion).map((problem) => `   integrity  ${problem}`),
  ]
}

/** Where nothing is installed, nothing is amiss with it. */
const problemsOf = ({ applied, statements }: CompanionState): readonly string[] =>
  applied.length === 0 ? [] : statements.map(({ description }) => description)
