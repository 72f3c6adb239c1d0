import type { Client } from 'pg'
import { to as copyTo } from 'pg-copy-streams'

/** Signature, flags, length of the extension, number of columns, length of the value. */
const valueStart = 11 + 4 + 4 + 2 + 4

/**
 * Reads the one value of a query of one row in its binary format, or undefined when it is null. COPY hands it over as
 * it is; as a result it would be written as text, twice as long, and read back.
 */
export async function copyValue(session: Client, query: string): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  for await (const chunk of session.query(copyTo(`COPY (${query}) TO STDOUT (FORMAT binary)`)))
    chunks.push(chunk)
  const copied = Buffer.concat(chunks)
  const length = copied.readInt32BE(valueStart - 4)
  return length < 0 ? undefined : copied.subarray(valueStart, valueStart + length)
}
