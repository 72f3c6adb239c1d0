import { guardReferences } from '@manybase/app-validation/guard'
import { createAuthClient } from '@socrates/db-auth'
import { createSpecsClient, type SpecsClient } from '@socrates/db-specs'
import pg from 'pg'
import type { Contestant } from '../contest.ts'
import type { Databases } from './databases.ts'

/** One way to write rows that name users. */
export interface Writer extends Omit<Contestant, 'run' | 'prepare'> {
  /** Rows of one write. */
  readonly rows: number
  /** Writes one time; the n-th write of a series. */
  write(n: number): Promise<unknown>
}

/** As many connections as workers, on each side. */
export const connections = 8

interface Field extends AsyncDisposable {
  readonly writers: readonly Writer[]
}

const batch = 1000

export function makeField({ auth, specs, native, foreign, userIds }: Databases): Field {
  const log = { levels: [] }
  const pool = { size: connections }
  const authClient = createAuthClient({ url: auth, pool, log })
  const plain = createSpecsClient({ url: specs, pool, log })
  const withForeignKey = createSpecsClient({ url: native, pool, log })
  const withForeignServer = createSpecsClient({ url: foreign, pool, log })
  // A busy machine shall make figures worse, not end the benchmark.
  const options = { pool: { ...pool, maxWait: 30_000 }, lockTimeout: 30_000 }
  const locked = guardReferences(plain, { auth: authClient }, options)
  const checked = guardReferences(plain, { auth: authClient }, { ...options, mode: 'checked' })
  const [ofAuth, ofSpecs, ofNative, ofForeign] = [auth, specs, native, foreign].map(
    (connectionString) => new pg.Pool({ connectionString, max: connections }),
  )
  if (!ofAuth || !ofSpecs || !ofNative || !ofForeign) throw new TypeError('Four pools were made.')

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

  const checkThenWrite = async (n: number) => {
    const { rowCount } = await ofAuth.query('SELECT FROM users WHERE id = $1', [userId(n)])
    if (rowCount !== 1) throw new Error('nobody was deleted')
    await insertInto(ofSpecs)(n)
  }

  const single = { base: 'create', rows: 1 }
  const many = { base: 'many', rows: batch }
  const driver = { base: 'pg', rows: 1 }
  return {
    writers: [
      { key: 'create', label: 'create', ...single, write: create(plain) },
      {
        key: 'create_fk',
        label: 'create, foreign key in one database',
        ...single,
        write: create(withForeignKey),
      },
      {
        key: 'create_fdw',
        label: 'create, trigger with postgres_fdw',
        ...single,
        write: create(withForeignServer),
      },
      {
        key: 'create_checked',
        label: 'create, check then write (guard "checked")',
        ...single,
        write: create(checked),
      },
      {
        key: 'create_locked',
        label: 'create, guard "locked"',
        ...single,
        atMost: 1.6,
        write: create(locked),
      },
      { key: 'pg', label: 'INSERT', ...driver, write: insertInto(ofSpecs) },
      { key: 'pg_fk', label: 'INSERT, foreign key in one database', ...driver, write: insertInto(ofNative) },
      { key: 'pg_fdw', label: 'INSERT, trigger with postgres_fdw', ...driver, write: insertInto(ofForeign) },
      { key: 'pg_check', label: 'INSERT, check then write', ...driver, write: checkThenWrite },
      {
        key: 'pg_protocol',
        label: 'INSERT, the guard’s protocol by hand',
        ...driver,
        atMost: 2.1,
        write: protocol,
      },
      { key: 'many', label: 'createMany of 1,000', ...many, write: createMany(plain) },
      { key: 'many_fk', label: 'createMany, foreign key', ...many, write: createMany(withForeignKey) },
      {
        key: 'many_fdw',
        label: 'createMany, trigger with postgres_fdw',
        ...many,
        write: createMany(withForeignServer),
      },
      {
        key: 'many_locked',
        label: 'createMany, guard "locked"',
        ...many,
        atMost: 1.1,
        write: createMany(locked),
      },
    ],
    async [Symbol.asyncDispose]() {
      await Promise.all([
        checked.$disconnect(),
        locked.$disconnect(),
        withForeignKey.$disconnect(),
        withForeignServer.$disconnect(),
        authClient.$disconnect(),
        ...[ofAuth, ofSpecs, ofNative, ofForeign].map((each) => each.end()),
      ])
    },
  }
}
