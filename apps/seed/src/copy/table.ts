/** What a column takes, by the word that a table uses for it. */
interface Kinds {
  readonly text: string
  readonly number: number
  readonly flag: boolean
  /** Milliseconds since 1970. */
  readonly time: number
  /** The day of such a time, in UTC. */
  readonly date: number
  readonly json: object
  /** An array of numbers, or of words without spaces, quotes or commas. */
  readonly list: readonly (string | number)[]
}

/** A question mark marks a column that may be empty. */
export type Kind = keyof Kinds | `${keyof Kinds}?`

export type Columns = Readonly<Record<string, Kind>>

/** A table of one of the two databases, with the columns that the seed writes: all of them. */
export interface Table<C extends Columns = Columns> {
  readonly name: string
  readonly columns: C
}

type ValueOf<K extends Kind> = K extends keyof Kinds
  ? Kinds[K]
  : K extends `${infer Base extends keyof Kinds}?`
    ? Kinds[Base] | null
    : never

/** A row of a table, by column. */
export type RowOf<T extends Table> = { readonly [Name in keyof T['columns']]: ValueOf<T['columns'][Name]> }

export type Value = ValueOf<Kind>
export type Row = Readonly<Record<string, Value>>

export const defineTable = <const C extends Columns>(name: string, columns: C): Table<C> => ({
  name,
  columns,
})
