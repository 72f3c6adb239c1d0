import { qualifiedName } from '@manybase/app-validation'

/** The id of a table's box. */
export const boxId = (database: string, table: { schema: string | null; name: string }): string =>
  `${database}.${qualifiedName(table)}`

/** `SetNull` as SQL writes it. */
export const sqlAction = (action: string): string => action.replace(/(?<=[a-z])[A-Z]/g, ' $&').toUpperCase()

/** `1 column`, `2 columns`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
