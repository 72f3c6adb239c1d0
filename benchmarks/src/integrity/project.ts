import { execFile } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { type Link, makeLinks, openSession, type PlacedReference, sweepOnce } from '@manybase/app-validation'
import { plainEnvironment } from '../environment.ts'
import type { Place } from './part.ts'

/** Those who are deleted, and what names them: the same two tables for everybody. */
export const tables = {
  users: 'CREATE TABLE users (id uuid PRIMARY KEY);',
  posts: `CREATE TABLE posts (id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, user_id uuid NOT NULL, text text NOT NULL);
CREATE INDEX ix_posts_user_id ON posts (user_id);`,
} as const

const schema = (model: string) => `datasource db {\n  provider = "postgresql"\n}\n\n${model}\n`

const files = (users: string): Readonly<Record<string, string>> => ({
  'databases.config.ts': `import { referenceIntegrity } from '@manybase/app-validation/migrate'
import { defineDatabases, fromVariable } from '@manybase/migrator/config'

export default defineDatabases({
  integrity: referenceIntegrity(),
  databases: {
    auth: { directory: 'auth', url: fromVariable('BENCH_URL_AUTH') },
    specs: { directory: 'specs', url: fromVariable('BENCH_URL_SPECS') },
  },
})
`,
  'auth/prisma/schema.prisma': schema(`model User {
  id String @id @db.Uuid
  @@map("users")
}`),
  'auth/prisma/migrations/001_users/migration.sql': `${users}\n`,
  'specs/prisma/schema.prisma': schema(`model Post {
  id     BigInt @id
  /// @reference(auth.users.id, onDelete: Cascade)
  userId String @map("user_id") @db.Uuid
  text   String
  @@index([userId])
  @@map("posts")
}`),
  'specs/prisma/migrations/002_posts/migration.sql': `-- depends-on: auth@001\n${tables.posts}\n`,
})

/** The URLs of the two databases that a reference connects. */
export interface Urls {
  readonly auth: string
  readonly specs: string
}

/**
 * Brings two databases to head as any project does, with capture and fence installed.
 * @param users makes the table `users`, and whatever else there is in auth
 */
export async function migrate({ root, folder: parent }: Place, name: string, urls: Urls, users: string) {
  const folder = join(parent, name)
  for (const [file, text] of Object.entries(files(users))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
  symlinkSync(join(root, 'benchmarks/node_modules'), join(folder, 'node_modules'), 'junction')
  const env = { ...plainEnvironment(), BENCH_URL_AUTH: urls.auth, BENCH_URL_SPECS: urls.specs }
  const command = [join(root, 'packages/migrator/bin/db.cjs'), 'migrate', '--no-log']
  await promisify(execFile)(process.execPath, command, { cwd: folder, env })
}

export const reference: PlacedReference = {
  database: 'specs',
  schema: 'public',
  table: 'posts',
  column: 'user_id',
  model: 'Post',
  field: 'userId',
  target: { database: 'auth', schema: 'public', table: 'users', column: 'id' },
  onDelete: 'Cascade',
  required: true,
  type: 'uuid',
}

/** Works off all deletions, and says how many got their receipt. */
export type Sweep = () => Promise<number>

/** Opens the sessions of a sweep for `work`: those of a worker are there before anything is deleted. */
export async function withSweep<T>(urls: Urls, work: (sweep: Sweep) => Promise<T>): Promise<T> {
  const open = (name: keyof Urls) =>
    openSession({
      database: { name, pool: () => ({ connectionString: urls[name] }) },
      side: name === 'auth' ? 'referenced' : 'referencing',
      name: 'benchmark',
    })
  const [a, b, helper] = [await open('auth'), await open('specs'), await open('specs')]
  try {
    return await work(async () => {
      let closed = 0
      for (const link of links) closed += (await sweepOnce({ a, b, helpers: [helper] }, link)).closed
      return closed
    })
  } finally {
    await Promise.all([a, b, helper].map((session) => session.end()))
  }
}

/** Kept for all rounds, as in a worker, which learns how many rows a user has. */
const links: readonly Link[] = makeLinks([reference])
