import { type ExitCode, exitCodes } from '@manybase/failure'
import { plainEnvironment } from '../environment.ts'
import { alembicMissing } from '../failures.ts'
import { withFolder } from '../folder.ts'
import { describeMachine, renderMachine } from '../machine.ts'
import { findPython } from '../python.ts'
import type { Summary } from '../statistics.ts'
import { renderTable } from '../table.ts'
import { type Cost, type Figures, makeFigures } from './figures.ts'
import { prepare } from './measure.ts'
import { longer, measureRounds, shared } from './rounds.ts'

export interface PlannerOptions {
  readonly rounds: number
  readonly json: boolean
  /** Makes a missed target an exit code. */
  readonly check: boolean
}

/**
 * Measures what a plan costs before anything is run, next to Alembic's for the same graph.
 * @throws `bench.alembic-missing`
 */
export async function benchPlanner(root: string, { rounds, json, check }: PlannerOptions): Promise<ExitCode> {
  const env = plainEnvironment()
  const { python, found } = await findPython(env)
  if (found.kind === 'missing') throw alembicMissing({ reason: found.why })
  const runs = await withFolder(root, (folder) =>
    measureRounds(prepare(folder, [shared, ...longer], python, env), rounds, (round) =>
      process.stderr.write(`round ${round} of ${rounds}\n`),
    ),
  )
  const figures = makeFigures(runs)
  const machine = describeMachine()
  const report = { machine, versions: [found.says, `Node ${process.version}`], rounds, ...figures }
  process.stdout.write(
    json
      ? `${JSON.stringify({ ...report, runs: { ...runs, ours: Object.fromEntries(runs.ours) } }, null, 2)}\n`
      : `${renderMachine(machine)}; ${found.says}\nInterleaved rounds: ${rounds}. ${render(figures)}\n`,
  )
  return check && figures.verdicts.some(({ kind }) => kind === 'missed') ? exitCodes.found : exitCodes.done
}

const render = ({ alembic, ours, verdicts }: Figures): string =>
  [
    'Processor time in milliseconds, median (min–max), of a process that plans once.',
    '',
    ...renderTable([
      ['', 'revisions', 'read the files', 'plan', 'both'],
      rowOf('Alembic', alembic),
      ...ours.map((cost) => rowOf('db', cost)),
    ]),
    '',
    ...verdicts.map(
      ({ what, kind, ratio, atMost }) =>
        `${kind === 'met' ? '✅' : '❌'} ${what}: ${ratio.toFixed(2)} (at most ${atMost})`,
    ),
  ].join('\n')

const rowOf = (name: string, { size, read, plan, total }: Cost): readonly string[] => [
  name,
  String(size),
  ...[read, plan, total].map(spread),
]

const spread = ({ median, min, max }: Summary): string =>
  `${median.toFixed(1)} (${min.toFixed(1)}–${max.toFixed(1)})`
