import type { Random } from './random.ts'
import { randomOf } from './random.ts'

/** What decides every row. */
export interface Settings {
  readonly seed: number
  /** How many users there are; everything else follows from them. */
  readonly users: number
  /** No timestamp of something that has happened is later; milliseconds since 1970. */
  readonly until: number
}

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

/** How long before `until` the first user signed up. */
export const span = 730 * day

/** Things that have numbers of their own in the world. */
const scopes = { user: 1, account: 2, work: 3, team: 4, staff: 5, phrases: 6, passwords: 7 } as const

/** The random stream of the `index`th thing of a kind. */
export const streamOf = ({ seed }: Settings, scope: keyof typeof scopes, index = 0): Random =>
  randomOf(seed, scopes[scope], index)

/** A moment in an interval, in whole milliseconds; its beginning when it has no length. */
export const moment = (random: Random, from: number, to: number): number =>
  Math.floor(random.between(from, Math.max(from, to)))

/** Rounded as a column of two decimals keeps it. */
export const cents = (value: number): number => Math.round(value * 100) / 100
