import { exitCodes } from '@manybase/failure'
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
        const answers = await survey(await findTargets(context, options.only), inspectState, options.jobs)
        if (options.json)
          context.output.data(JSON.stringify({ databases: answers.map(answerToJson) }, null, 2))
        else for (const line of renderAnswers(answers, describe)) context.output.data(line)
        return silentOf(answers).length === 0 ? exitCodes.done : exitCodes.precondition
      }),
    )

function describe(state: DatabaseState): string[] {
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
    ...findings.map((finding) => `   ${finding.kind}  ${explainFinding(finding).what}`),
  ]
}
