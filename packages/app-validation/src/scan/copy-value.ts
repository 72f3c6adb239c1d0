import type { Client } from 'pg'
import { to as copyTo } from 'pg-copy-streams'

/** Signature, flags, length of the extension, number of columns, length of the value. */
const valueStart = 11 + 4 + 4 + 2 + 4

/** Reads values on a session one after the other, in the order in which they were asked for. */
export type CopyValue = (query: string) => Promise<Buffer | undefined>

export function makeCopier(session: Client): CopyValue {
  let before: Promise<unknown> = Promise.resolve()
  return (query) => {
    const value = before.then(() => copyValue(session, query))
    // Whoever asked first hears what went wrong; the next ones find the session as it is.
    before = value.catch(() => {})
    return value
  }
}

/**
 * Reads the one value of a query of one row in its binary format, or undefined when it is null. COPY hands it over as
 * it is; as a result it would be written as text, twice as long, and read back.
 */
async function copyValue(session: Client, query: string): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  for await (const chunk of session.query(copyTo(`COPY (${query}) TO STDOUT (FORMAT binary)`)))
    chunks.push(chunk)
  const copied = Buffer.concat(chunks)
  const length = copied.readInt32BE(valueStart - 4)
  return length < 0 ? undefined : copied.subarray(valueStart, valueStart + length)
}
