import { createHash } from 'node:crypto'

/** PostgreSQL cuts identifiers off after this many bytes. */
const limit = 63

/**
 * The text as an identifier of PostgreSQL. One that is too long is cut, with eight digits of its SHA-256 at the
 * end, so that two never become one.
 */
export function fitIdentifier(text: string): string {
  if (Buffer.byteLength(text) <= limit) return text
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 8)
  let stem = text
  while (Buffer.byteLength(stem) > limit - digest.length - 1) stem = [...stem].slice(0, -1).join('')
  return `${stem}_${digest}`
}
