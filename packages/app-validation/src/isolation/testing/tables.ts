/** The statements that make the referenced and the referencing table, without a key. */
export function tablesOf(
  rows: string,
  isPartitioned: boolean,
): { readonly users: string; readonly rows: string } {
  const users = 'CREATE TABLE users (id integer PRIMARY KEY, name text)'
  const referencing = `CREATE TABLE ${rows} (user_id integer, label text, note text)`
  const indexes = `CREATE INDEX ON ${rows} (user_id); CREATE INDEX ON ${rows} (label)`
  if (!isPartitioned) return { users, rows: `${referencing}; ${indexes}` }
  const half = (part: number) =>
    `CREATE TABLE users_${part} PARTITION OF users FOR VALUES WITH (MODULUS 2, REMAINDER ${part})`
  return {
    users: `${users} PARTITION BY HASH (id); ${half(0)}; ${half(1)}`,
    // Others are attached later.
    rows: `${referencing} PARTITION BY LIST (label); CREATE TABLE ${rows}_rest PARTITION OF ${rows} DEFAULT; ${indexes}`,
  }
}
