import { createHash } from 'node:crypto'
import type { TestDatabase } from '@manybase/local-postgres/testing'
import { templateDatabase, testServer } from '@manybase/local-postgres/testing'
import pg from 'pg'
import { database } from '../database.ts'
import { readHistory } from './history.ts'

/** A database of its own for one test file, at head. */
export async function migratedDatabase(): Promise<TestDatabase> {
  const history = await readHistory()
  const digest = createHash('sha256')
  for (const { up } of history) digest.update(up)
  const template = await templateDatabase(`${database.name} ${digest.digest('hex')}`, async ({ url }) => {
    await using client = await connect(url)
    for (const { up } of history) await client.query(up)
  })
  return (await testServer()).createDatabase({ template })
}

export async function connect(url: string): Promise<pg.Client & AsyncDisposable> {
  const client = new pg.Client(url)
  await client.connect()
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() })
}
