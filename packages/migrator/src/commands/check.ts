import { exitCodes } from '@manybase/failure'
import { explainFinding } from '../plan/findings.ts'
import { type DatabaseState, isAtHead } from '../plan/state.ts'
import { renderState, stateToJson } from '../report/state.ts'
import { findTargets } from '../settings/context.ts'
import { inspectStates } from '../workspace.ts'
import { action, baseCommand, type MakeCommand } from './command.ts'

export const check: MakeCommand = (shell) =>
  baseCommand(
    'check',
    'exit code 4 when a database is not at head, or a schema has changes without a migration',
  )
    .addHelpText(
      'after',
      `
The Prisma schema is compared with what the whole history makes of a shadow database, which is dropped again.`,
    )
    .showing({
      'pnpm db check': 'before a merge, or in CI',
      'pnpm -s db check --only specs --json': 'one database, for a program',
    })
    .action(
      action(shell, async (context, options) => {
        const { output } = context
        const targets = await findTargets(context, options.only)
        // The schema engine is some megabytes of WebAssembly.
        const { schemaChanges } = await import('../checks/schema-changes.ts')
        const [states, changes] = await Promise.all([
          inspectStates(targets),
          Promise.all(targets.map((target) => schemaChanges(target))),
        ])
        const results = states.map((state, index) => ({ state, changes: changes[index] }))
        if (options.json) {
          const databases = results.map(({ state, changes }) => ({
            ...stateToJson(state),
            schemaChanges: changes ?? null,
          }))
          output.data(JSON.stringify({ databases }, null, 2))
        } else
          for (const line of results.flatMap(({ state, changes }) => render(state, changes)))
            output.data(line)
        const clean = results.every(({ state, changes }) => isAtHead(state) && changes === undefined)
        return clean ? exitCodes.done : exitCodes.found
      }),
    )

const render = (state: DatabaseState, changes: string | undefined): readonly string[] => [
  renderState(state),
  ...state.pending.map(({ name }) => `   pending  ${name}`),
  ...state.findings.map((finding) => `   ${finding.kind}  ${explainFinding(finding).what}`),
  ...(changes === undefined
    ? []
    : [
        `❌ ${state.database}: its schema has changes without a migration`,
        ...changes.split('\n').map((line) => `   ${line}`.trimEnd()),
      ]),
]
