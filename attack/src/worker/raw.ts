import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { errorCode } from '@manybase/failure'
import type { Client } from 'pg'
import type { Row, Table } from '../place/tables.ts'
import type { Manner, Statement } from './messages.ts'
import { runStatement } from './statements.ts'

/** Opens a session in the referencing database. */
export type Open = () => Promise<Client>

/** Writes rows past every client, in the manner asked for. */
export async function writeRaw(
  open: Open,
  table: Table,
  statement: Statement,
  rows: readonly Row[],
  manner: Manner,
): Promise<'committed' | 'rolled back'> {
  const client = await open()
  try {
    await client.query(`SET synchronous_commit = ${manner.durable ? 'on' : 'off'}`)
    await begin(client, open, manner)
    await sleep(manner.before)
    if (manner.savepoints) await rehearse(client, table, statement, rows)
    // A row is gone, with whom it named before.
    if ((await runStatement(client, table, statement, rows)) < rows.length) return 'rolled back'
    if (manner.savepoints) await client.query('RELEASE SAVEPOINT again')
    await sleep(manner.after)
    if (manner.commit === 'rolled back') {
      await client.query('ROLLBACK')
      return 'rolled back'
    }
    await (manner.commit === 'prepared' ? commitInTwo(client, open, manner) : client.query('COMMIT'))
    return 'committed'
  } finally {
    await client.end().catch(() => {})
  }
}

/** What a subtransaction wrote, or was refused, must not matter once it is rolled back. */
async function rehearse(client: Client, table: Table, statement: Statement, rows: readonly Row[]) {
  await client.query('SAVEPOINT first')
  try {
    await runStatement(client, table, statement, rows)
  } catch (error) {
    // integrity_constraint_violation, serialization_failure: the session goes on after both.
    if (!/^(23|40)/.test(errorCode(error) ?? '')) throw error
  }
  await client.query('ROLLBACK TO SAVEPOINT first')
  await client.query('SAVEPOINT again')
}

/** A snapshot is taken right here, also at READ COMMITTED by a statement that does nothing. */
async function begin(client: Client, open: Open, { isolation, snapshot }: Manner): Promise<void> {
  if (snapshot === 'own') {
    await client.query(`BEGIN ISOLATION LEVEL ${isolation}; SELECT 1`)
    return
  }
  const lender = await open()
  try {
    await lender.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
    const { rows } = await lender.query<{ name: string }>('SELECT pg_export_snapshot() AS name')
    await sleep(Math.random() * 300)
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
    await client.query(`SET TRANSACTION SNAPSHOT '${rows[0]?.name}'`)
  } finally {
    await lender.end().catch(() => {})
  }
}

async function commitInTwo(client: Client, open: Open, { after }: Manner): Promise<void> {
  const name = randomUUID()
  await client.query(`PREPARE TRANSACTION '${name}'`)
  await client.end()
  await sleep(after)
  const other = await open()
  try {
    await other.query(`COMMIT PREPARED '${name}'`)
  } finally {
    await other.end().catch(() => {})
  }
}
