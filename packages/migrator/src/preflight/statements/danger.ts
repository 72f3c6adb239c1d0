import type { Node, RangeVar } from 'libpg-query'

/** What is dangerous about one statement of a pending script. */
export interface Danger extends Warning {
  /** The directory's name. */
  readonly revision: string
  readonly file: string
  readonly line: number
}

/** The same before anybody knows where the statement stands. */
export interface Warning {
  readonly rule: string
  /** `failed`: with the rows that are there, it fails. */
  readonly status: 'warning' | 'failed'
  readonly what: string
  readonly why: string
  readonly fix: string
}

/** A table as it is before the scripts. */
export interface TableNow {
  readonly name: string
  readonly rows: number
  readonly bytes: number
  /** Whether there is a single row. */
  readonly filled: boolean
  /** Whether work on all its rows takes long. */
  readonly big: boolean
  readonly columns: ReadonlyMap<string, ColumnNow>
}

export interface ColumnNow {
  readonly type: string
  readonly required: boolean
  /** A valid check says that it is never null. */
  readonly checkedNotNull: boolean
}

/** What a rule may ask of the database. */
export interface Setting {
  /** Undefined for a table that isn't there yet: whatever is done to it is done to no rows. */
  table(relation: RangeVar | undefined): TableNow | undefined
  /** Whether a function gives another value for each row. */
  isVolatile(name: string): boolean
}

/** Looks at one statement. A new rule is a new file here. */
export type Rule = (tree: Node, setting: Setting) => readonly Warning[]
