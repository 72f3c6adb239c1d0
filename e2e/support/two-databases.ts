import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { templateDatabase, testServer } from '@manybase/local-postgres/testing'
import { type AuthClient, createAuthClient } from '@socrates/db-auth'
import { createSpecsClient, type SpecsClient } from '@socrates/db-specs'
import pg from 'pg'
import { root } from './run.ts'

/** Both databases of this repository at head, and a client of each. */
export interface TwoDatabases {
  readonly auth: AuthClient
  readonly specs: SpecsClient
  readonly urls: { readonly auth: string; readonly specs: string }
  dispose(): Promise<void>
}

/** @param poolSize connections of each client */
export async function makeTwoDatabases(poolSize = 10): Promise<TwoDatabases> {
  const server = await testServer()
  const [ofAuth, ofSpecs] = await Promise.all(
    ['db-auth', 'db-specs'].map(async (name) =>
      server.createDatabase({ template: await templateDatabase(`${name} at head`, migrate(name)) }),
    ),
  )
  if (!ofAuth || !ofSpecs) throw new TypeError('Two databases were made.')
  const auth = createAuthClient({ url: ofAuth.url, pool: { size: poolSize }, log: { levels: [] } })
  const specs = createSpecsClient({ url: ofSpecs.url, pool: { size: poolSize }, log: { levels: [] } })
  return {
    auth,
    specs,
    urls: { auth: ofAuth.url, specs: ofSpecs.url },
    async dispose() {
      await Promise.all([auth.$disconnect(), specs.$disconnect()])
      await Promise.all([ofAuth.drop(), ofSpecs.drop()])
    },
  }
}

const migrate =
  (name: string) =>
  async ({ url }: { readonly url: string }): Promise<void> => {
    const migrations = join(root, 'packages', name, 'prisma/migrations')
    const client = new pg.Client(url)
    await client.connect()
    try {
      for (const entry of readdirSync(migrations, { withFileTypes: true })
        .filter((each) => each.isDirectory())
        .map((each) => each.name)
        .sort()) {
        await client.query(readFileSync(join(migrations, entry, 'migration.sql'), 'utf8'))
      }
    } finally {
      await client.end()
    }
  }

/** Makes a user. @returns its id */
export async function makeUser(auth: AuthClient): Promise<string> {
  const name = randomUUID()
  const { id } = await auth.user.create({
    data: { email: `${name}@example.org`, username: name, hashedPassword: 'x', name: 'N', surname: 'S' },
    select: { id: true },
  })
  return id
}
