import { Readable } from 'node:stream'
import type { Client } from 'pg'
import type { SeededDatabase } from '../databases/database.ts'
import type { Content } from './content.ts'
import { copyInto } from './copy-into.ts'

/** What was loaded into one database. */
export interface Loaded {
  readonly database: string
  readonly rows: number
  /** Rows by table. */
  readonly tables: Readonly<Record<string, number>>
  /** Before the first row was made: starting the thread, the phrase book, the password hashes. */
  readonly preparedSeconds: number
  /** From the first row to the last. */
  readonly seconds: number
  /** How much of that time passed before there was anything to send. */
  readonly waitedSeconds: number
}

/** How far a database is. */
export interface Step {
  readonly database: string
  readonly rows: number
  /** Blocks that are through, and all of them. */
  readonly done: number
  readonly of: number
}

/** Sends all blocks in the transaction that is open. */
export async function load(
  client: Client,
  database: SeededDatabase,
  content: Content,
  signal: AbortSignal,
  onStep: (step: Step) => void,
): Promise<Loaded> {
  const tables = Object.fromEntries(database.tables.map(({ name }) => [name, 0]))
  const byName = new Map(database.tables.map((table) => [table.name, table]))
  const opened = performance.now()
  await content.started()
  const start = performance.now()
  let [rows, done, waited] = [0, 0, 0]
  for (;;) {
    signal.throwIfAborted()
    const asked = performance.now()
    const block = await content.next()
    waited += performance.now() - asked
    if (!block) break
    for (const part of block) {
      const table = byName.get(part.table)
      if (!table) throw new TypeError(`${database.name} has no table ${part.table}`)
      await copyInto(client, table, Readable.from([Buffer.from(part.bytes.buffer)]))
      tables[part.table] = (tables[part.table] ?? 0) + part.rows
      rows += part.rows
    }
    onStep({ database: database.name, rows, done: ++done, of: content.blocks })
  }
  const times = {
    preparedSeconds: (start - opened) / 1000,
    seconds: (performance.now() - start) / 1000,
    waitedSeconds: waited / 1000,
  }
  return { database: database.name, rows, tables, ...times }
}
