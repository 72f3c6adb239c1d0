/**
 * How the statement says what it has done:
 * - `shrinking`: by the number of rows that it changes; none is the end.
 * - `returning`: by `RETURNING … AS cursor`; the greatest is where the next batch begins, no row is the end.
 * - `selecting`: by one row with `cursor` and `rows`; no row, or NULL, is the end.
 */
export type BatchForm = 'shrinking' | 'returning' | 'selecting'

/** What kind of statement it is. */
export type Command = 'insert' | 'update' | 'delete' | 'merge' | 'select'
