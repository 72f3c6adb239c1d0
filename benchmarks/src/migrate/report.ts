import { type Machine, renderMachine } from '../machine.ts'
import type { Summary } from '../statistics.ts'
import { renderTable } from '../table.ts'
import type { Contestant } from './contestant.ts'
import type { Figure, Figures } from './figures.ts'
import type { Absentee } from './participants.ts'
import { type Case, cases } from './rounds.ts'
import type { Verdict } from './targets.ts'

/** Everything that one run of the benchmark found. */
export interface Report {
  readonly machine: Machine
  readonly server: string
  readonly rounds: number
  /** How memory was measured; undefined when it was not. */
  readonly memoryMethod: string | undefined
  /** What starting and ending any program costs in this harness, in milliseconds; it is in every time. */
  readonly overhead: Summary
  readonly figures: readonly Figures[]
  readonly absentees: readonly Absentee[]
  readonly verdicts: readonly Verdict[]
}

const titles: Readonly<Record<Case, string>> = {
  'empty-to-head': 'Empty to head',
  'nothing-to-do': 'Nothing to do',
  'head-to-base': 'Head to base',
}

/** Why one who was measured in another case was not in this one. */
const excuses: Readonly<Record<Case, string>> = {
  'empty-to-head': 'not measured',
  'nothing-to-do': 'keeps no books',
  'head-to-base': 'has no way back',
}

export const renderReport = (report: Report): string =>
  [
    `${renderMachine(report.machine)}; ${report.server}`,
    `Interleaved rounds: ${report.rounds}. Median (min–max). A ratio is that of two runs of the same round.`,
    `Peak memory: ${report.memoryMethod ?? 'not measured, GNU time is missing'}.`,
    `Starting and ending a program takes ${milliseconds(report.overhead.median)} of each time.`,
    ...cases.flatMap((name) => ['', titles[name], ...renderTable(rowsOf(report, name))]),
    ...(report.absentees.length > 0 ? ['', 'Not measured', ...report.absentees.map(renderAbsentee)] : []),
    '',
    'Targets, against the harder floor',
    ...report.verdicts.map(renderVerdict),
  ].join('\n')

const header = [
  '',
  'time',
  '÷ floor',
  '÷ floor with cache',
  'peak memory',
  '÷ floor',
  '÷ floor with cache',
  '',
]

const rowsOf = ({ figures, absentees }: Report, name: Case): readonly (readonly string[])[] => [
  header,
  ...figures.filter((one) => one.case === name).map(renderFigures),
  ...excused(figures, name).map(({ label }) => [label, excuses[name]]),
  ...absentees.map(({ contestant, kind }) => [contestant.label, kind]),
]

/** Who was measured in another case and has nothing to say in this one. */
function excused(figures: readonly Figures[], name: Case): readonly Contestant[] {
  const here = new Set(figures.filter((one) => one.case === name).map(({ contestant }) => contestant))
  return [...new Set(figures.map(({ contestant }) => contestant))].filter((one) => !here.has(one))
}

const renderFigures = ({ contestant, version, time, memory }: Figures): readonly string[] => [
  contestant.label,
  spread(time.summary, milliseconds),
  ...ratios(time),
  ...(memory ? [spread(memory.summary, mebibytes), ...ratios(memory)] : ['', '', '']),
  version,
]

/** One column for the bare floor, one for that with a compile cache. */
const ratios = ({ ratios }: Figure): readonly string[] => {
  const [bare, cached] = Object.values(ratios)
  return [bare, cached].map((one) => (one ? spread(one, (value) => value.toFixed(2)) : ''))
}

const milliseconds = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`
const mebibytes = (value: number): string => `${(value / 1024).toFixed(0)} MiB`

/** `12 ms (10–14)`: the unit is said once. */
function spread({ median, min, max }: Summary, format: (value: number) => string): string {
  const bare = (value: number) => format(value).split(' ')[0]
  return `${format(median)} (${bare(min)}–${bare(max)})`
}

const renderAbsentee = ({ contestant, kind, why }: Absentee): string =>
  `  ${contestant.label}: ${kind}: ${why.replaceAll('\n', '\n    ')}`

function renderVerdict({ target, contestant, kind, ratio }: Verdict): string {
  const mark = { met: '✅', missed: '❌', 'not-judged': '❔' }[kind]
  const what = `${contestant.label}, ${titles[target.case].toLowerCase()}, ${target.quantity}`
  const measured = ratio === undefined ? 'not judged' : ratio.toFixed(2)
  return `${mark} ${what}: ${measured} (at most ${target.atMost})`
}

/** The same for machines: every single value, so that other statistics can be made of them. */
export const reportToJson = (report: Report): unknown => ({
  ...report,
  figures: report.figures.map(({ contestant, ...figures }) => ({ ...identify(contestant), ...figures })),
  absentees: report.absentees.map(({ contestant, ...rest }) => ({ ...identify(contestant), ...rest })),
  verdicts: report.verdicts.map(({ contestant, ...rest }) => ({ ...identify(contestant), ...rest })),
})

const identify = ({ key, label, group, role }: Contestant) => ({ contestant: key, label, group, role })
