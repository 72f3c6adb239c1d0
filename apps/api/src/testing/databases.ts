import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type TestDatabase, templateDatabase, testServer } from '@manybase/local-postgres/testing'

const root = fileURLToPath(new URL('../../../../', import.meta.url))

export interface Databases {
  readonly auth: TestDatabase
  readonly specs: TestDatabase
  [Symbol.asyncDispose](): Promise<void>
}

/** Both databases at head, with all that the migrator puts there, for one test file. */
export async function makeDatabases(): Promise<Databases> {
  const server = await testServer()
  const inner = 'api: socrates_auth'
  const ofSpecs = await templateDatabase('api: socrates_specs', async (specs) => {
    await templateDatabase(inner, async (auth) => await migrate(auth.url, specs.url))
  })
  const ofAuth = await templateDatabase(inner, async () => {
    throw new Error('the two templates are made together')
  })
  const auth = await server.createDatabase({ template: ofAuth })
  const specs = await server.createDatabase({ template: ofSpecs })
  const drop = async () => {
    await Promise.all([auth.drop(), specs.drop()])
  }
  return { auth, specs, [Symbol.asyncDispose]: drop }
}

async function migrate(authUrl: string, specsUrl: string): Promise<void> {
  const command = ['packages/migrator/bin/db.cjs', 'migrate', '--no-log']
  await promisify(execFile)(process.execPath, command, {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      DATABASE_URL_AUTH: authUrl,
      DATABASE_URL_SPECS: specsUrl,
      NODE_ENV: 'test',
    },
  })
}
