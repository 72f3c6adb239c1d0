import { expect, test } from '@jest/globals'
import type { Client } from 'pg'
import { makePair, type Pair } from '../testing/pair.ts'
import { takeIn } from './intake.ts'
import type { Sql } from './sql.ts'

/** Up to where the log of the server is written, and up to where it would outlive a crash. */
async function logOf(client: Client): Promise<{ written: bigint; durable: bigint }> {
  const { rows } = await client.query<{ written: string; durable: string }>(
    `SELECT (pg_current_wal_insert_lsn() - '0/0')::text AS written, (pg_current_wal_flush_lsn() - '0/0')::text AS durable`,
  )
  return { written: BigInt(rows[0]?.written ?? 0), durable: BigInt(rows[0]?.durable ?? 0) }
}

/** Deletes somebody until the deletion is not durable yet when it returns. @returns where it ends in the log */
async function deleteWithoutWaiting({ a }: Pair): Promise<bigint> {
  await a.client.query('SET synchronous_commit = off')
  for (let user = 1; ; user++) {
    await a.client.query('INSERT INTO users VALUES ($1)', [user])
    await a.client.query('DELETE FROM users WHERE id = $1', [user])
    const { written, durable } = await logOf(a.client)
    if (durable < written) return written
  }
}

test('a deletion that nobody waited for is durable before its tombstone is committed', async () => {
  await using pair = await makePair(['projects'])
  const [a, b, watcher] = [await pair.a.connect(), await pair.b.connect(), await pair.a.connect()]
  const deleted = await deleteWithoutWaiting(pair)
  const durableAtCommit: bigint[] = []
  const watched: Sql = {
    async query(text, values) {
      if (text === 'COMMIT') durableAtCommit.push((await logOf(watcher)).durable)
      return await b.query(text, values === undefined ? undefined : [...values])
    },
    escapeLiteral: (text) => b.escapeLiteral(text),
  }
  expect(await takeIn({ a, b: watched }, pair.link)).toMatchObject({ kind: 'taken' })
  expect(durableAtCommit).toHaveLength(1)
  expect(durableAtCommit[0]).toBeGreaterThanOrEqual(deleted)
})
