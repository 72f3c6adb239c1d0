import { createHash } from 'node:crypto'

/** PostgreSQL cuts identifiers off after this many bytes. */
const limit = 63

/**
 * The name that stands for a reference wherever PostgreSQL would name a foreign key: `fk_<table>_<column>`. One
 * that is too long is cut, with eight digits of its SHA-256 at the end, so that two never become one.
 */
export function constraintName({ table, column }: { table: string; column: string }): string {
  const name = `fk_${table}_${column}`
  if (Buffer.byteLength(name) <= limit) return name
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8)
  let stem = name
  while (Buffer.byteLength(stem) > limit - digest.length - 1) stem = [...stem].slice(0, -1).join('')
  return `${stem}_${digest}`
}
