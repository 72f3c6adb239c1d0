import { guardReferences } from '@manybase/app-validation/guard'
import { createAuthClient } from '@socrates/db-auth'
import { createSpecsClient, type SpecsClient } from '@socrates/db-specs'
import pg from 'pg'
import type { Databases } from './databases.ts'

/** One way to write rows that name users. */
export interface Contestant {
  readonly key: string
  readonly label: string
  /** Whose time its time is divided by. */
  readonly base: string
  /** Rows of one write. */
  readonly rows: number
  /** Writes one time; the n-th write of a series. */
  write(n: number): Promise<unknown>
}

/** As many connections as workers, on each side. */
export const connections = 8

export interface Field {
  readonly contestants: readonly Contestant[]
  close(): Promise<void>
}

const batch = 1000

export function makeField({ auth, specs, native, userIds }: Databases): Field {
  const log = { levels: [] }
  const pool = { size: connections }
  const authClient = createAuthClient({ url: auth, pool, log })
  const plain = createSpecsClient({ url: specs, pool, log })
  const withForeignKey = createSpecsClient({ url: native, pool, log })
  // A busy machine shall make figures worse, not end the benchmark.
  const options = { pool: { ...pool, maxWait: 30_000 }, lockTimeout: 30_000 }
  const locked = guardReferences(plain, { auth: authClient }, options)
  const checked = guardReferences(plain, { auth: authClient }, { ...options, mode: 'checked' })
  const [ofAuth, ofSpecs, ofNative] = [auth, specs, native].map(
    (connectionString) => new pg.Pool({ connectionString, max: connections }),
  )
  if (!ofAuth || !ofSpecs || !ofNative) throw new TypeError('Three pools were made.')

  const userId = (n: number): string => userIds[n % userIds.length] ?? ''
  const row = (n: number) => ({ userId: userId(n), name: 'bench' })
  const create = (client: SpecsClient) => (n: number) => client.project.create({ data: row(n) })
  const createMany = (client: SpecsClient) => (n: number) =>
    client.project.createMany({ data: Array.from({ length: batch }, (_, i) => row(n * batch + i)) })
  const insert = 'INSERT INTO projects (user_id, name) VALUES ($1, $2)'
  const insertInto = (target: pg.Pool) => (n: number) => target.query(insert, [userId(n), 'bench'])
  const protocol = async (n: number) => {
    const holder = await ofAuth.connect()
    await holder.query(
      `BEGIN; SET LOCAL synchronous_commit = off; SELECT id FROM users WHERE id = ANY ('{${userId(n)}}') ORDER BY id FOR KEY SHARE`,
    )
    await insertInto(ofSpecs)(n)
    await holder.query('COMMIT')
    holder.release()
  }

  const single = { base: 'create', rows: 1 }
  const many = { base: 'many', rows: batch }
  const driver = { base: 'pg', rows: 1 }
  return {
    contestants: [
      { key: 'create', label: 'create', ...single, write: create(plain) },
      {
        key: 'create_fk',
        label: 'create, foreign key in one database',
        ...single,
        write: create(withForeignKey),
      },
      { key: 'create_checked', label: 'create, guard "checked"', ...single, write: create(checked) },
      { key: 'create_locked', label: 'create, guard "locked"', ...single, write: create(locked) },
      { key: 'pg', label: 'INSERT', ...driver, write: insertInto(ofSpecs) },
      { key: 'pg_fk', label: 'INSERT, foreign key in one database', ...driver, write: insertInto(ofNative) },
      { key: 'pg_protocol', label: 'INSERT, the guard’s protocol by hand', ...driver, write: protocol },
      { key: 'many', label: 'createMany of 1,000', ...many, write: createMany(plain) },
      { key: 'many_fk', label: 'createMany, foreign key', ...many, write: createMany(withForeignKey) },
      { key: 'many_locked', label: 'createMany, guard "locked"', ...many, write: createMany(locked) },
    ],
    async close() {
      await Promise.all([
        checked.$disconnect(),
        locked.$disconnect(),
        withForeignKey.$disconnect(),
        authClient.$disconnect(),
        ...[ofAuth, ofSpecs, ofNative].map((each) => each.end()),
      ])
    },
  }
}
