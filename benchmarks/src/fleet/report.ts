import { type Machine, renderMachine } from '../machine.ts'
import type { Run } from '../measure.ts'
import { pairRatios, type Summary, summarize } from '../statistics.ts'
import { renderTable } from '../table.ts'

/** Everything that one run of the benchmark found; the same place in two series is the same round. */
export interface Report {
  readonly machine: Machine
  readonly server: string
  readonly rounds: number
  readonly sizes: { readonly migrated: number; readonly looked: number; readonly jobs: number }
  /** From empty to head, ours first. */
  readonly up: readonly { readonly label: string; readonly runs: readonly Run[] }[]
  /** The larger number of databases from empty to head, once. */
  readonly first: Run
  /** Looking at the larger number of databases at head. */
  readonly looks: readonly { readonly ours: Run; readonly psql: Run }[]
}

export interface Verdict {
  readonly what: string
  readonly value: string
  readonly met: boolean
}

/** A status of so many databases takes seconds. */
const longestStatus = 10_000

/** Ours at most as slow as a psql for each file, median of the pairs. */
export function judge({ up, looks, sizes }: Report): readonly Verdict[] {
  const [ours, files] = up
  const ratio = summarize(pairRatios(times(ours?.runs ?? []), times(files?.runs ?? []))).median
  const status = summarize(times(looks.map((look) => look.ours))).median
  return [
    {
      what: `${sizes.migrated} databases to head ÷ ${files?.label} (at most 1)`,
      value: ratio.toFixed(2),
      met: ratio <= 1,
    },
    {
      what: `status of ${sizes.looked} databases (at most ${seconds(longestStatus)})`,
      value: seconds(status),
      met: status <= longestStatus,
    },
  ]
}

export function renderReport(report: Report): string {
  const { machine, server, rounds, sizes, up, first, looks } = report
  const [ours] = up
  const mine = looks.map((look) => look.ours)
  const theirs = looks.map((look) => look.psql)
  return [
    `${renderMachine(machine)}; ${server}`,
    `Interleaved rounds: ${rounds}, ${sizes.jobs} databases at once. Median (min–max). A ratio is that of two runs of the same round.`,
    '',
    `${sizes.migrated} databases, empty to head`,
    ...renderTable([
      ['', 'time', 'db migrate ÷ this', 'peak memory'],
      ...up.map(({ label, runs }) => [
        label,
        spread(times(runs), seconds),
        ratioTo(ours?.runs ?? [], runs),
        peak(runs),
      ]),
    ]),
    '',
    `${sizes.looked} databases`,
    ...renderTable([
      ['', 'time', 'db status ÷ this', 'peak memory'],
      ['db migrate, empty to head, once', seconds(first.milliseconds), '', peak([first])],
      ['db status, at head', spread(times(mine), seconds), ratioTo(mine, mine), peak(mine)],
      ['psql, one query each', spread(times(theirs), seconds), ratioTo(mine, theirs), peak(theirs)],
    ]),
    '',
    'Targets',
    ...judge(report).map(({ what, value, met }) => `${met ? '✅' : '❌'} ${what}: ${value}`),
  ].join('\n')
}

const times = (runs: readonly Run[]): readonly number[] => runs.map(({ milliseconds }) => milliseconds)

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(2)} s`

function spread(values: readonly number[], format: (value: number) => string): string {
  const { median, min, max }: Summary = summarize(values)
  return `${format(median)} (${format(min).split(' ')[0]}–${format(max).split(' ')[0]})`
}

const ratioTo = (ours: readonly Run[], theirs: readonly Run[]): string =>
  spread(pairRatios(times(ours), times(theirs)), (ratio) => ratio.toFixed(2))

function peak(runs: readonly Run[]): string {
  const peaks = runs.flatMap(({ kibibytes }) => (kibibytes === undefined ? [] : [kibibytes]))
  return peaks.length === runs.length ? spread(peaks, (value) => `${Math.round(value / 1024)} MiB`) : ''
}

/** The same for machines: every single value. */
export const reportToJson = (report: Report): unknown => {
  const bare = ({ milliseconds, kibibytes }: Run) => ({ milliseconds, kibibytes })
  return {
    ...report,
    up: report.up.map(({ label, runs }) => ({ label, runs: runs.map(bare) })),
    first: bare(report.first),
    looks: report.looks.map(({ ours, psql }) => ({ ours: bare(ours), psql: bare(psql) })),
    verdicts: judge(report),
  }
}
