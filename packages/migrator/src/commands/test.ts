import { exitCodes } from '@manybase/failure'
import { findReferences } from '../settings/context.ts'
import { action, baseCommand, type MakeCommand } from './command.ts'

export const test: MakeCommand = (shell) =>
  baseCommand('test', 'try the histories in shadow databases; exit code 4 when one does not hold')
    .addHelpText(
      'after',
      `
Tried are: a single head, a way back for every revision, up, down and up again for each, no traces, the way from head to base,
the schema against the history both ways, no foreign key on a column that refers to another database, every referencing column
declared. The databases themselves are not touched.`,
    )
    .showing({
      'pnpm db test': 'before a merge, or in CI',
      'pnpm -s db test --only specs --json': 'one history, for a program',
    })
    .action(
      action(shell, async (context, options) => {
        const { output, catalog } = context
        const targets = await findReferences(context, options.only)
        const { testTargets } = await import('../checks/history-tests.ts')
        const tests = await testTargets(catalog, targets)
        if (options.json) output.data(JSON.stringify({ tests }, null, 2))
        else
          for (const { database, name, problems } of tests) {
            output.data(`${problems.length === 0 ? '✅' : '❌'} ${database}: ${name}`)
            for (const line of problems.flatMap((problem) => problem.split('\n'))) output.data(`   ${line}`)
          }
        return tests.every(({ problems }) => problems.length === 0) ? exitCodes.done : exitCodes.found
      }),
    )
