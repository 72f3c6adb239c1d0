import { exitCodes } from '@manybase/failure'
import type { Target } from '../catalog/target.ts'
import { inspectData } from '../data/inspect.ts'
import { dataToJson, renderData } from '../data/render.ts'
import type { DataStatus } from '../data/status.ts'
import { silentOf, survey } from '../fleet/survey.ts'
import { skippedIn } from '../ledger/words.ts'
import { explainFinding } from '../plan/findings.ts'
import type { DatabaseState } from '../plan/state.ts'
import { answerToJson, renderAnswers } from '../report/members.ts'
import { renderState } from '../report/state.ts'
import { type CommonOptions, findTargets } from '../settings/context.ts'
import { type JobsFlag, withJobs } from '../settings/jobs.ts'
import { inspectState } from '../workspace.ts'
import { action, baseCommand, type MakeCommand } from './command.ts'

export const status: MakeCommand = (shell) =>
  withJobs(baseCommand('status', 'show where each database stands, and what is pending'))
    .addHelpText(
      'after',
      `
Of a list of databases those at head are counted and the others described; exit code 2 when one of them doesn't answer.`,
    )
    .showing({
      'pnpm db status': 'a line for each database, and what is pending',
      'pnpm -s db status --json': 'the same for a program',
    })
    .action(
      action<CommonOptions & JobsFlag>(shell, async (context, options) => {
        const data = new Map<string, readonly DataStatus[]>()
        const ask = async (target: Target) => {
          const state = await inspectState(target)
          data.set(target.name, await inspectData(target, state))
          return state
        }
        const answers = await survey(await findTargets(context, options.only), ask, options.jobs)
        const dataOf = (database: string) => data.get(database) ?? []
        if (options.json) {
          const databases = answers.map((answer) => ({
            ...answerToJson(answer),
            ...(answer.kind === 'answered' && { data: dataOf(answer.target.name).map(dataToJson) }),
          }))
          context.output.data(JSON.stringify({ databases }, null, 2))
        } else {
          const lines = renderAnswers(answers, (state) => describe(state, dataOf(state.database)))
          for (const line of lines) context.output.data(line)
        }
        return silentOf(answers).length === 0 ? exitCodes.done : exitCodes.precondition
      }),
    )

function describe(state: DatabaseState, data: readonly DataStatus[]): string[] {
  const { applied, pending, findings, ledger } = state
  const rows = new Map(ledger.applied.map((row) => [row.name, row]))
  const describeApplied = (name: string) => {
    const environment = skippedIn(rows.get(name) ?? { logs: null })
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
