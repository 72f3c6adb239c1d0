/** PostgreSQL cuts identifiers off after this many bytes. */
const limit = 63

/** The name that Prisma gives a constraint or an index which has none in the schema. */
export function defaultName(
  table: string,
  columns: readonly string[],
  suffix: '_pkey' | '_key' | '_idx' | '_fkey',
): string {
  const stem = suffix === '_pkey' ? table : [table, ...columns].join('_')
  return `${cut(stem, limit - suffix.length)}${suffix}`
}

/** At most `bytes` bytes of UTF-8, never half a character. */
function cut(text: string, bytes: number): string {
  let result = text
  while (Buffer.byteLength(result) > bytes) result = [...result].slice(0, -1).join('')
  return result
}
