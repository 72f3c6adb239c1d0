import { pairRatios, type Summary, summarize } from '../statistics.ts'
import type { Contestant } from './contestant.ts'
import { type Case, cases, type Series } from './rounds.ts'

/** A quantity in its unit, and how it compares with each floor of the contestant's group, pair by pair. */
export interface Figure {
  readonly values: readonly number[]
  readonly summary: Summary
  /** By the floor's key. */
  readonly ratios: Readonly<Record<string, Summary>>
}

/** What one contestant came to in one case. */
export interface Figures {
  readonly contestant: Contestant
  readonly version: string
  readonly case: Case
  /** Milliseconds. */
  readonly time: Figure
  /** KiB; undefined where memory can't be measured. */
  readonly memory: Figure | undefined
}

export function makeFigures(series: readonly Series[]): readonly Figures[] {
  return series.flatMap((one) =>
    cases.flatMap((name) =>
      one.runs[name].length === 0 ? [] : [figuresOf(one, name, floorsOf(one, series, name))],
    ),
  )
}

const floorsOf = (
  { participant: { contestant } }: Series,
  all: readonly Series[],
  name: Case,
): readonly Series[] =>
  all.filter(
    ({ participant: { contestant: other }, runs }) =>
      other.role === 'floor' && other.group === contestant.group && runs[name].length > 0,
  )

function figuresOf(one: Series, name: Case, floors: readonly Series[]): Figures {
  const { contestant, version } = one.participant
  return {
    contestant,
    version,
    case: name,
    time: makeFigure(times(one, name), floors, (floor) => times(floor, name)),
    memory: memoryFigure(one, name, floors),
  }
}

function memoryFigure(one: Series, name: Case, floors: readonly Series[]): Figure | undefined {
  const own = peaks(one, name)
  return own.length === one.runs[name].length
    ? makeFigure(own, floors, (floor) => peaks(floor, name))
    : undefined
}

const times = ({ runs }: Series, name: Case): number[] => runs[name].map(({ milliseconds }) => milliseconds)

const peaks = ({ runs }: Series, name: Case): number[] =>
  runs[name].map(({ kibibytes }) => kibibytes).filter((peak) => peak !== undefined)

const makeFigure = (
  values: readonly number[],
  floors: readonly Series[],
  of: (floor: Series) => readonly number[],
): Figure => ({
  values,
  summary: summarize(values),
  ratios: Object.fromEntries(
    floors.map((floor) => [floor.participant.contestant.key, summarize(pairRatios(values, of(floor)))]),
  ),
})
