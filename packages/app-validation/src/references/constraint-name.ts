import { fitIdentifier } from './identifier.ts'

/** The name that stands for a reference wherever PostgreSQL would name a foreign key: `fk_<table>_<column>`. */
export const constraintName = ({ table, column }: { table: string; column: string }): string =>
  fitIdentifier(`fk_${table}_${column}`)
