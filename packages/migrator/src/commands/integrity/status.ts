import type { LinkStatus, StatusFinding } from '@manybase/app-validation/status'
import { exitCodes } from '@manybase/failure'
import { Option } from 'commander'
import { readIntegrity } from '../../companion/integrity.ts'
import { duration } from '../../report/output.ts'
import type { CommonOptions } from '../../settings/context.ts'
import { duration as parseTime } from '../../settings/duration.ts'
import { action, baseCommand, type MakeCommand } from '../command.ts'

interface StatusOptions extends CommonOptions {
  /** Milliseconds. */
  readonly maxLag: number
  readonly metrics?: boolean
}

export const status: MakeCommand = (shell) =>
  baseCommand(
    'status',
    'show whether references between the databases are kept, and what is to be done about it',
  )
    .addOption(
      new Option('--max-lag <time>', 'how long a deletion may wait for its sweep')
        .argParser(parseTime)
        .default(300_000, '5min'),
    )
    .addOption(
      new Option('--metrics', 'as text for Prometheus; exit code 0 whatever is found').conflicts('json'),
    )
    .addHelpText('after', '\nExit code 4 when something is found.')
    .showing({
      'pnpm db integrity status': 'every reference, the queue of deletions, and advice',
      'pnpm -s db integrity status --max-lag 30s --json': 'the same for a monitor that is stricter',
      'pnpm -s db integrity status --metrics': 'lag, queue and refusals, as numbers to watch',
    })
    .action(
      action<StatusOptions>(shell, async (context, options) => {
        const { output } = context
        const { references, links, findings } = await readIntegrity(context, options)
        if (options.metrics) {
          const { renderMetrics, statusMetrics } = await import('@manybase/app-validation/metrics')
          output.data(renderMetrics(statusMetrics({ links, findings })).trimEnd())
          return exitCodes.done
        }
        if (options.json) output.data(JSON.stringify({ references, links, findings }, null, 2))
        else {
          for (const reference of references) {
            const { isInPlace, column, target, onDelete } = reference
            output.data(`${isInPlace ? '✅' : '❌'} ${column} → ${target}  ${onDelete}`)
          }
          for (const link of links) output.data(describe(link))
          for (const finding of findings) output.data(render(finding))
        }
        return findings.length === 0 ? exitCodes.done : exitCodes.found
      }),
    )

function describe({ source, referencing, referenced, following, lag }: LinkStatus): string {
  const { writes, reserved } = following.refused
  const { reuses, deletes } = referenced.refused
  const waiting = referenced.waiting + following.unswept
  const queue =
    waiting === 0 ? 'nothing to sweep' : `${waiting} deletions to sweep, the oldest for ${duration(lag)}`
  return `${referencing} after ${source}: ${queue}; refused ${writes} writes, ${reserved} to be retried, ${reuses} deleted ids, ${deletes} deletions`
}

const render = ({ kind, what, why, fix }: StatusFinding): string =>
  `❌ ${kind}\n   ${what}\n   why  ${why}\n   fix  ${fix}`
