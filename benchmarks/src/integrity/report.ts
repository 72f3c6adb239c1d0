import { type Machine, renderMachine } from '../machine.ts'
import type { Summary } from '../statistics.ts'
import { renderTable } from '../table.ts'
import { type Figure, isMissed } from './part.ts'

export interface PartReport {
  readonly part: string
  readonly title: string
  readonly unit: string
  readonly figures: readonly Figure[]
}

/** Everything that one run found. */
export interface Report {
  readonly machine: Machine
  readonly server: string
  readonly rounds: number
  readonly parts: readonly PartReport[]
}

export const renderReport = ({ machine, server, rounds, parts }: Report): string =>
  [
    renderMachine(machine),
    `${server}; ${rounds} interleaved rounds; median (least–most)`,
    ...parts.flatMap(renderPart),
  ].join('\n')

const renderPart = ({ title, unit, figures }: PartReport): readonly string[] => [
  '',
  ...renderTable([
    [title, unit, 'ratio', 'target'],
    ...figures.map((figure) => [
      figure.label,
      spread(figure.time, figure.time.median < 10 ? 2 : 0),
      figure.ratio ? spread(figure.ratio, 2) : '',
      figure.atMost === undefined ? '' : `${isMissed(figure) ? '✖' : '✔'} at most ${figure.atMost}`,
    ]),
  ]),
]

const spread = ({ median, min, max }: Summary, digits: number): string =>
  `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`
