import type { Server } from '../migrate/server.ts'
import type { Summary } from '../statistics.ts'

/** Where a part is measured. */
export interface Place {
  /** The repository. */
  readonly root: string
  /** A folder of this run. */
  readonly folder: string
  readonly server: Server
}

/** What one way of doing something came to. */
export interface Figure {
  readonly key: string
  readonly label: string
  readonly time: Summary
  /** Each of its times, in the order of the rounds. */
  readonly times: readonly number[]
  /** To the time of the one that it is measured by, round by round; of those that are measured by none there is none. */
  readonly ratio?: Summary
  /** What the median of the ratio may be at most. */
  readonly atMost?: number
}

/** Something that is measured for itself. */
export interface Part {
  readonly title: string
  /** What the times are of, such as `ms each`. */
  readonly unit: string
  measure(place: Place, rounds: number): Promise<readonly Figure[]>
}

export const isMissed = ({ ratio, atMost }: Figure): boolean =>
  atMost !== undefined && (ratio === undefined || ratio.median > atMost)
