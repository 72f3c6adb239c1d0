import { pairRatios, type Summary, summarize } from '../statistics.ts'
import { renderTable } from '../table.ts'
import { type Contestant, contestants } from './contestants.ts'
import { connections, type Mix, mixes, mixNames, type Run } from './load.ts'

/** Every run, round by round. */
export type Runs = Readonly<Record<Mix, Readonly<Record<Contestant, readonly Run[]>>>>

const names: Readonly<Record<Contestant, string>> = { floor: 'by hand', api: 'API' }

/** The figures for people. */
export function render(runs: Runs, seconds: number): string {
  const rows = mixes.flatMap((mix) =>
    contestants.map((contestant) => {
      const made = runs[mix][contestant]
      const perSecond = made.map((run) => run.perSecond)
      const ratios = pairRatios(
        perSecond,
        runs[mix].floor.map((run) => run.perSecond),
      )
      return [
        mixNames[mix],
        names[contestant],
        spread(summarize(perSecond), 0),
        spread(summarize(ratios), 2),
        spread(summarize(made.map(({ p50 }) => p50)), 0),
        spread(summarize(made.map(({ p99 }) => p99)), 0),
        String(made.reduce((sum, { errors }) => sum + errors, 0)),
      ]
    }),
  )
  return [
    `${connections} connections ask without pause for ${seconds} s. Median (least–most).`,
    '',
    ...renderTable([['', '', 'requests/s', '÷ by hand', 'p50, ms', 'p99, ms', 'errors'], ...rows]),
  ].join('\n')
}

const spread = ({ median, min, max }: Summary, digits: number): string =>
  `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`
