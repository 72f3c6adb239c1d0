interface Column {
  readonly schema: string | null
  readonly table: string
  readonly column: string
}

/** As receipts name a column. */
export const columnName = ({ schema, table, column }: Column): string =>
  `${schema ?? 'public'}.${table}.${column}`
