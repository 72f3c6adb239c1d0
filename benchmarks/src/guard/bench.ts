import { type ExitCode, exitCodes } from '@manybase/failure'
import { withFolder } from '../folder.ts'
import { describeMachine, type Machine, renderMachine } from '../machine.ts'
import { withServer } from '../migrate/server.ts'
import { pairRatios, type Summary, summarize } from '../statistics.ts'
import { renderTable } from '../table.ts'
import { type Contestant, connections, type Field, makeField } from './contestants.ts'
import { makeDatabases } from './databases.ts'

export interface GuardBenchOptions {
  readonly rounds: number
  readonly url: string | undefined
  readonly json: boolean
  /** Makes a missed target an exit code. */
  readonly check: boolean
}

interface Figure {
  readonly key: string
  readonly label: string
  /** Milliseconds of one write, with all workers busy. */
  readonly time: Summary
  /** To the same without references, round by round. */
  readonly ratio: Summary
  /** What the median of the ratio may be at most. */
  readonly target?: number
}

const targets: Readonly<Record<string, number>> = { create_locked: 1.6, pg_protocol: 2.1, many_locked: 1.1 }

interface Report {
  readonly machine: Machine
  readonly server: string
  readonly connections: number
  readonly rounds: number
  readonly figures: readonly Figure[]
}

/** Measures guarded writes next to plain ones, and prints the report. */
export async function benchGuard(root: string, options: GuardBenchOptions): Promise<ExitCode> {
  const report = await withFolder(root, (folder) =>
    withServer(options.url, folder, async (server): Promise<Report> => {
      const databases = await makeDatabases(root, server)
      const field = makeField(databases)
      try {
        const figures = await measure(field, options.rounds)
        const { description } = server
        return {
          machine: describeMachine(),
          server: description,
          connections,
          rounds: options.rounds,
          figures,
        }
      } finally {
        await field.close()
        await databases.drop()
      }
    }),
  )
  process.stdout.write(`${options.json ? JSON.stringify(report, null, 2) : render(report)}\n`)
  const isMissed = report.figures.some(({ ratio, target }) => target !== undefined && ratio.median > target)
  return options.check && isMissed ? exitCodes.found : exitCodes.done
}

/** How many rows each contestant writes in a round. */
const rowsOfRound = (rows: number): number => (rows === 1 ? 2000 : 8000)

/** Interleaved, every other round backwards, after a round that isn't counted. */
async function measure({ contestants }: Field, rounds: number): Promise<readonly Figure[]> {
  const times = new Map<string, number[]>(contestants.map(({ key }) => [key, []]))
  for (let round = 0; round <= rounds; round += 1) {
    process.stderr.write(round === 0 ? 'warming up\n' : `round ${round} of ${rounds}\n`)
    for (const contestant of round % 2 === 0 ? contestants : contestants.toReversed()) {
      const time = await timeOf(contestant)
      if (round > 0) times.get(contestant.key)?.push(time)
    }
  }
  return contestants.map(({ key, label, base }) => {
    const [own, others] = [times.get(key) ?? [], times.get(base) ?? []]
    const target = targets[key]
    return {
      key,
      label,
      time: summarize(own),
      ratio: summarize(pairRatios(own, others)),
      ...(target !== undefined && { target }),
    }
  })
}

async function timeOf({ rows, write }: Contestant): Promise<number> {
  const count = rowsOfRound(rows) / rows
  let next = 0
  const worker = async () => {
    while (next < count) {
      next += 1
      await write(next)
    }
  }
  const start = performance.now()
  await Promise.all(Array.from({ length: connections }, worker))
  return (performance.now() - start) / count
}

function render({ machine, server, rounds, figures }: Report): string {
  const spread = ({ median, min, max }: Summary, digits: number) =>
    `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`
  const rows = figures.map(({ label, time, ratio, target }) => [
    label,
    spread(time, 2),
    spread(ratio, 2),
    target === undefined ? '' : `${ratio.median > target ? '✖' : '✔'} at most ${target}`,
  ])
  return [
    renderMachine(machine),
    `${server}; ${connections} connections, ${rounds} interleaved rounds; median (least–most)`,
    '',
    ...renderTable([['write', 'ms each', '÷ without references', 'target'], ...rows]),
  ].join('\n')
}
