import { exitCodes } from '@manybase/failure'
import { Option } from 'commander'
import { type Connections, findConnections, withSessions } from '../../integrity/links.ts'
import { scanLinks } from '../../integrity/scan-links.ts'
import { hasOrphans, renderScan } from '../../integrity/scan-report.ts'
import { makeProgress } from '../../report/progress.ts'
import type { CommonOptions, Context } from '../../settings/context.ts'
import { wholeNumber } from '../../settings/number.ts'
import { action, baseCommand, type MakeCommand } from '../command.ts'

interface ScanOptions extends CommonOptions {
  readonly limit: number
  readonly metrics?: boolean
}

export const scan: MakeCommand = (shell) =>
  baseCommand('scan', 'find rows that name rows of other databases that do not exist')
    .option('--limit <n>', 'ids that are shown for each column', wholeNumber('a number'), 10)
    .addOption(
      new Option('--metrics', 'as text for Prometheus; exit code 0 whatever is found').conflicts('json'),
    )
    .addHelpText(
      'after',
      `
It only reads, in short transactions and constant memory, while everybody writes. What a sweep has still before it is
counted apart, and so are rows that a Keep reference keeps of deleted ids. Exit code 4 when orphans are found.`,
    )
    .showing({
      'pnpm db integrity scan': 'after a restore, or every night',
      'pnpm -s db integrity scan --json': 'the same for a monitor',
      'pnpm -s db integrity scan --metrics > integrity.prom': 'for the textfile collector of a node exporter',
    })
    .action(
      action<ScanOptions>(shell, async (context, options) => {
        const connections = await findConnections(context, options)
        const scans = await scanAll(context, connections, options)
        if (options.metrics) {
          const { renderMetrics, scanMetrics } = await import('@manybase/app-validation/metrics')
          context.output.data(renderMetrics(scanMetrics(scans)).trimEnd())
          return exitCodes.done
        }
        if (options.json) context.output.data(JSON.stringify({ scans }, null, 2))
        else for (const each of scans) for (const line of renderScan(each)) context.output.data(line)
        return scans.some(hasOrphans) ? exitCodes.found : exitCodes.done
      }),
    )

/** JSON is for machines: nothing is drawn beside it. */
async function scanAll({ output }: Context, connections: Connections, { json, limit }: ScanOptions) {
  const progress = json ? undefined : makeProgress(process.stderr, output.note)
  return await withSessions(
    connections,
    'scan',
    async (open) => await scanLinks(connections.links, open, progress, limit),
  )
}
