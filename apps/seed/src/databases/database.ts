import type { Row, Table } from '../copy/table.ts'
import type { Phrases } from '../world/phrases.ts'
import type { Settings } from '../world/world.ts'

/** Takes the rows that are made for a table. */
export type Put = (table: Table, rows: readonly Row[]) => void

/** What the rows of a block are made from. */
export interface Made {
  readonly settings: Settings
  readonly phrases: Phrases
  /** Of a few passwords; only who writes accounts has any. */
  readonly hashes: readonly string[]
}

/** One of the two databases: its tables, referenced ones before those that refer to them, and what fills them. */
export interface SeededDatabase {
  readonly name: 'socrates_auth' | 'socrates_specs'
  readonly tables: readonly Table[]
  /** Makes all rows of the users from number `first` up to, not including, number `end`. */
  makeBlock(made: Made, first: number, end: number, put: Put): void
}

/** Users whose rows are made and sent at once: few enough to be small, and whole circles of colleagues. */
export const blockSize = 256

export const blocksOf = ({ users }: Settings): number => Math.ceil(users / blockSize)
