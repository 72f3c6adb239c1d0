import { testServerMissing } from '../failures.ts'
import { createDatabase, type TestDatabase } from './databases.ts'
import { readDescription, type ServerDescription } from './description.ts'
import { databaseUrl } from './url.ts'

/** The PostgreSQL that the tests of one run share. */
export interface TestServer {
  readonly kind: 'embedded' | 'container' | 'url'
  /** Release, such as `17.10`. */
  readonly version: string
  /** Connection URL of the `postgres` database, as a user who may create databases. */
  readonly adminUrl: string
  url(database: string): string
  /** An empty database with a name of its own or, from a template, a copy in some 50 ms. */
  createDatabase(options?: { template?: string }): Promise<TestDatabase>
}

/** The server that jest's global setup started. In other programs, `startTestServer` starts one. */
export async function testServer(): Promise<TestServer> {
  const description = readDescription(process.env)
  if (!description) throw testServerMissing({})
  return connectTo(description)
}

export function connectTo(description: ServerDescription): TestServer {
  const { kind, version, adminUrl } = description
  return {
    kind,
    version,
    adminUrl,
    url: (database) => databaseUrl(adminUrl, database),
    createDatabase: ({ template } = {}) => createDatabase(description, template),
  }
}
