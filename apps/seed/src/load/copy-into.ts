import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Client, escapeIdentifier } from 'pg'
import { from } from 'pg-copy-streams'
import type { Table } from '../copy/table.ts'

/** Sends lines of COPY's text format into a table. */
export async function copyInto(client: Client, table: Table, lines: Readable): Promise<void> {
  const columns = Object.keys(table.columns).map(escapeIdentifier).join(', ')
  await pipeline(lines, client.query(from(`COPY ${escapeIdentifier(table.name)} (${columns}) FROM STDIN`)))
}
