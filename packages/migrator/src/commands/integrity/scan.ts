import { exitCodes } from '@manybase/failure'
import { Option } from 'commander'
import { type Connections, findConnections, withSessions } from '../../integrity/links.ts'
import { describeProgress, hasOrphans, renderScan } from '../../integrity/scan-report.ts'
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
        const scans = await scanLinks(context, connections, options)
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

async function scanLinks({ output }: Context, connections: Connections, { json, limit }: ScanOptions) {
  const app = await import('@manybase/app-validation')
  // JSON is for machines: nothing is drawn beside it.
  const progress = json ? undefined : makeProgress(process.stderr, output.note)
  return await withSessions(connections, 'scan', async (open) => {
    const scans = []
    for (const link of connections.links) {
      const name = `${link.referencing} after ${link.source}`
      const start = performance.now()
      progress?.start(name)
      try {
        const onProgress = (how: Parameters<typeof describeProgress>[0]) =>
          progress?.tell(name, describeProgress(how, performance.now() - start))
        const found = await app.scan((side) => open(link, side), link, { examples: limit, onProgress })
        scans.push({ ...found, milliseconds: Math.round(performance.now() - start) })
      } finally {
        progress?.end(name)
      }
    }
    return scans
  })
}
