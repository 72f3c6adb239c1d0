import { exitCodes } from '@manybase/failure'
import { skippedIn } from '../ledger/words.ts'
import { explainFinding } from '../plan/findings.ts'
import type { DatabaseState } from '../plan/state.ts'
import { renderState, stateToJson } from '../report/state.ts'
import { findTargets } from '../settings/context.ts'
import { inspectStates } from '../workspace.ts'
import { action, baseCommand, type MakeCommand } from './command.ts'

export const status: MakeCommand = (shell) =>
  baseCommand('status', 'show where each database stands, and what is pending')
    .showing({
      'pnpm db status': 'a line for each database, and what is pending',
      'pnpm -s db status --json': 'the same for a program',
    })
    .action(
      action(shell, async (context, options) => {
        const states = await inspectStates(await findTargets(context, options.only))
        if (options.json) context.output.data(JSON.stringify({ databases: states.map(stateToJson) }, null, 2))
        else for (const line of states.flatMap(describe)) context.output.data(line)
        return exitCodes.done
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
