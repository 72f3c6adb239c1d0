import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { testServer } from '@manybase/local-postgres/testing'
import pg from 'pg'

const histories = resolve(import.meta.dirname, '../histories')

/** A database of one test, with as many connections as it asks for. */
export interface Playground extends AsyncDisposable {
  readonly client: pg.Client
  readonly url: string
  connect(): Promise<pg.Client>
}

/** An empty database. */
export async function makePlayground(): Promise<Playground> {
  const database = await (await testServer()).createDatabase()
  const clients: pg.Client[] = []
  const connect = async () => {
    const client = new pg.Client({ connectionString: database.url })
    clients.push(client)
    await client.connect()
    return client
  }
  return {
    client: await connect(),
    url: database.url,
    connect,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(clients.map((client) => client.end()))
      await database.drop()
    },
  }
}

/** The scripts of a companion history in their order, or the ways back in the opposite one. */
export async function scriptsOf(
  side: 'referenced' | 'referencing',
  file: 'migration.sql' | 'down.sql' = 'migration.sql',
): Promise<readonly string[]> {
  const folder = join(histories, side, 'prisma/migrations')
  const names = (await readdir(folder)).filter((name) => !name.endsWith('.toml')).sort()
  const ordered = file === 'migration.sql' ? names : names.reverse()
  return await Promise.all(ordered.map((name) => readFile(join(folder, name, file), 'utf8')))
}
