/** The statements that make the referenced and the referencing table, without a key. */
export function tablesOf(
  rows: string,
  isPartitioned: boolean,
): { readonly users: string; readonly rows: string } {
  const indexes = `CREATE INDEX ON ${rows} (user_id); CREATE INDEX ON ${rows} (label)`
  const make = (table: string, columns: string, by: string) =>
    [
      `CREATE TABLE ${table} (${columns})${isPartitioned ? ` PARTITION BY HASH (${by})` : ''}`,
      ...(isPartitioned ? [0, 1].map((part) => partition(table, part)) : []),
    ].join('; ')
  return {
    users: make('users', 'id integer PRIMARY KEY, name text', 'id'),
    rows: `${make(rows, 'user_id integer, label text, note text', 'label')}; ${indexes}`,
  }
}

const partition = (table: string, part: number): string =>
  `CREATE TABLE ${table}_${part} PARTITION OF ${table} FOR VALUES WITH (MODULUS 2, REMAINDER ${part})`
