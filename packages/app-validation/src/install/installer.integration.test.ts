import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { PlacedReference } from '../references/placed.ts'
import { makePlayground, type Playground, scriptsOf } from '../testing/database.ts'
import { projectsToUsers } from '../testing/sides.ts'
import { installerFor } from './installer.ts'

let playground: Playground
const [ada, grace] = [1, 2].map((n) => `00000000-0000-0000-0000-00000000000${n}`)

const query = async (sql: string, values: readonly unknown[] = []) =>
  (await playground.client.query(sql, [...values])).rows
const logged = async () =>
  (await query('SELECT id FROM integrity.delete_log ORDER BY id')).map(({ id }) => id)
const problems = async (references: readonly PlacedReference[], ...names: readonly string[]) =>
  (await installerFor(references).changes(playground.client, names)).map(({ description }) => description)

async function install(references: readonly PlacedReference[], ...names: readonly string[]): Promise<number> {
  const statements = await installerFor(references).changes(playground.client, names)
  for (const { sql } of statements) await query(sql)
  return statements.length
}

const bury = (id: string | undefined) =>
  query(
    `INSERT INTO integrity.tombstone (source, target, id, epoch, xid, deleted_at)
     VALUES ('auth', 'public.users.id', $1, '1:1', '1', now())`,
    [id],
  )

beforeEach(async () => {
  playground = await makePlayground()
  await query('CREATE SCHEMA integrity')
  for (const side of ['referenced', 'referencing'] as const) {
    for (const script of await scriptsOf(side)) await query(script)
  }
})
afterEach(async () => {
  await playground[Symbol.asyncDispose]()
})

describe('what is installed compares as in place', () => {
  test.each(['uuid', 'smallint', 'integer', 'bigint', 'text', 'varchar(20)', 'char(4)'])(
    'with keys of type %s',
    async (type) => {
      await query(`CREATE TABLE users (id ${type} PRIMARY KEY); CREATE TABLE projects (user_id ${type})`)
      const references = [{ ...projectsToUsers, onDelete: 'Restrict' } as const]
      expect(await install(references, 'auth', 'specs')).toBeGreaterThan(5)
      expect(await problems(references, 'auth', 'specs')).toEqual([])
    },
  )

  test('with names that have to be quoted', async () => {
    await query('CREATE SCHEMA "My Schema"; CREATE TABLE "My Schema"."user" ("Key" uuid PRIMARY KEY)')
    await query(`CREATE TABLE "My Schema"."it's" ("select" uuid)`)
    const schema = 'My Schema'
    const reference: PlacedReference = {
      ...projectsToUsers,
      schema,
      table: "it's",
      column: 'select',
      target: { database: 'auth', schema, table: 'user', column: 'Key' },
    }
    await install([reference], 'auth', 'specs')
    expect(await problems([reference], 'auth', 'specs')).toEqual([])
    await query(`INSERT INTO "My Schema"."user" VALUES ($1)`, [ada])
    await query('DELETE FROM "My Schema"."user"')
    expect(await query('SELECT target, id FROM integrity.delete_log')).toEqual([
      { target: 'My Schema.user.Key', id: ada },
    ])
  })

  test('and goes when nothing asks for it', async () => {
    await query('CREATE TABLE users (id uuid PRIMARY KEY); CREATE TABLE projects (user_id uuid)')
    await install([projectsToUsers], 'auth', 'specs')
    await install([], 'auth', 'specs')
    expect(await query(`SELECT tgname FROM pg_trigger WHERE NOT tgisinternal`)).toEqual([])
    expect(await query(`SELECT proname FROM pg_proc WHERE position(' ' IN proname) > 0`)).toEqual([])
  })
})

describe('partitioned referencing tables', () => {
  beforeEach(async () => {
    await query(`CREATE TABLE users (id uuid PRIMARY KEY);
      CREATE TABLE projects (n integer, user_id uuid) PARTITION BY RANGE (n);
      CREATE TABLE first PARTITION OF projects FOR VALUES FROM (0) TO (10) PARTITION BY RANGE (n);
      CREATE TABLE inner_first PARTITION OF first FOR VALUES FROM (0) TO (10)`)
    await install([projectsToUsers], 'specs')
    await bury(ada)
  })

  test('stay fenced when partitions are made, attached and detached', async () => {
    await query(`CREATE TABLE later PARTITION OF projects FOR VALUES FROM (10) TO (20);
      CREATE TABLE attached (n integer, user_id uuid);
      ALTER TABLE projects ATTACH PARTITION attached FOR VALUES FROM (20) TO (30)`)
    expect(await problems([projectsToUsers], 'specs')).toEqual([])
    for (const [table, n] of Object.entries({
      projects: 1,
      first: 1,
      inner_first: 1,
      later: 11,
      attached: 21,
    })) {
      await expect(query(`INSERT INTO ${table} VALUES (${n}, '${ada}')`)).rejects.toMatchObject({
        code: '23503',
      })
    }
    await query('ALTER TABLE projects DETACH PARTITION attached')
    expect(await problems([projectsToUsers], 'specs')).toEqual([])
    await query('INSERT INTO attached VALUES (1, $1)', [ada])
  })

  test('have clones enabled again through the table', async () => {
    await query('ALTER TABLE inner_first DISABLE TRIGGER integrity_fence_insert_user_id')
    expect(await problems([projectsToUsers], 'specs')).toEqual([
      'trigger integrity_fence_insert_user_id on public.projects isn’t ENABLE ALWAYS',
    ])
    await install([projectsToUsers], 'specs')
    expect(await problems([projectsToUsers], 'specs')).toEqual([])
  })
})

describe('partitioned referenced tables', () => {
  const restricting = { ...projectsToUsers, onDelete: 'Restrict' } as const

  beforeEach(async () => {
    await query(`CREATE TABLE users (id uuid, region integer, PRIMARY KEY (id, region)) PARTITION BY LIST (region);
      CREATE TABLE north PARTITION OF users FOR VALUES IN (1);
      CREATE TABLE south PARTITION OF users FOR VALUES IN (2)`)
  })

  test('log what is deleted through any of them, and nothing when a row moves', async () => {
    await install([projectsToUsers], 'auth')
    await query('CREATE TABLE west PARTITION OF users FOR VALUES IN (3)')
    await query('INSERT INTO users VALUES ($1, 1), ($2, 3)', [ada, grace])
    await query('UPDATE users SET region = 2 WHERE id = $1', [ada])
    expect(await logged()).toEqual([])
    await query('DELETE FROM south')
    await query('DELETE FROM west')
    expect(await logged()).toEqual([ada, grace])
    await expect(query('INSERT INTO north VALUES ($1, 1)', [ada])).rejects.toMatchObject({ code: 'IR001' })
  })

  test('refuse another id, also on the way to another partition', async () => {
    await install([projectsToUsers], 'auth')
    await query('INSERT INTO users VALUES ($1, 1)', [ada])
    const other = `SET id = '${grace}'`
    await expect(query(`UPDATE users ${other}`)).rejects.toMatchObject({ code: 'IR002' })
    await expect(query(`UPDATE users ${other}, region = 2`)).rejects.toMatchObject({ code: 'IR002' })
  })

  test('refuse TRUNCATE of a partition, and deletes without an intent but not moves', async () => {
    await install([restricting], 'auth')
    await query('INSERT INTO users VALUES ($1, 1)', [ada])
    await expect(query('TRUNCATE north')).rejects.toMatchObject({ code: 'IR003' })
    await query('UPDATE users SET region = 2')
    await expect(query('DELETE FROM south')).rejects.toMatchObject({
      code: '23503',
      constraint: 'restrict_south_id',
    })
  })

  test('get what a new partition lacks', async () => {
    await install([projectsToUsers], 'auth')
    await query('CREATE TABLE west PARTITION OF users FOR VALUES IN (3)')
    expect(await problems([projectsToUsers], 'auth')).toEqual([
      'trigger integrity_truncate_id on public.west is missing',
    ])
  })
})

describe('tables that inherit', () => {
  test('are captured and fenced like their parents', async () => {
    await query(`CREATE TABLE users (id uuid PRIMARY KEY); CREATE TABLE admins () INHERITS (users);
      CREATE TABLE projects (user_id uuid); CREATE TABLE big_projects () INHERITS (projects)`)
    await install([projectsToUsers], 'auth', 'specs')
    await query('INSERT INTO admins VALUES ($1), ($2)', [ada, grace])
    await query('DELETE FROM users WHERE id = $1', [ada])
    await query('DELETE FROM admins')
    expect(await logged()).toEqual([ada, grace])
    await bury(ada)
    await expect(query('INSERT INTO big_projects VALUES ($1)', [ada])).rejects.toMatchObject({
      code: '23503',
    })
    await query('INSERT INTO big_projects VALUES (NULL)')
    await expect(query('UPDATE projects SET user_id = $1', [ada])).rejects.toMatchObject({ code: '23503' })
  })
})

describe('roles', () => {
  beforeEach(async () => {
    await query('CREATE TABLE users (id uuid PRIMARY KEY); CREATE TABLE projects (user_id uuid)')
    await install([projectsToUsers], 'auth', 'specs')
    await query('INSERT INTO users VALUES ($1)', [ada])
    await bury(grace)
  })

  /** In a transaction, as a role that has rights on the applications' tables only. */
  const asWriter = async (sql: string, before = '') => {
    await query(`BEGIN; CREATE ROLE integrity_test_writer; GRANT ALL ON users, projects TO integrity_test_writer;
      GRANT USAGE ON SCHEMA public TO integrity_test_writer; ${before}; SET LOCAL ROLE integrity_test_writer`)
    try {
      return await query(sql)
    } finally {
      await query('ROLLBACK')
    }
  }

  test('that write need no rights on what integrity keeps', async () => {
    expect(await asWriter('DELETE FROM users RETURNING id')).toEqual([{ id: ada }])
    await expect(asWriter(`INSERT INTO projects VALUES ('${grace}')`)).rejects.toMatchObject({
      code: '23503',
    })
    await expect(asWriter('DELETE FROM integrity.tombstone')).rejects.toMatchObject({ code: '42501' })
    await expect(asWriter('SELECT integrity.epoch()')).rejects.toMatchObject({ code: '42501' })
    await expect(asWriter(`SELECT integrity.revive('public.users.id', '${ada}')`)).rejects.toMatchObject({
      code: '42501',
    })
  })

  test('cannot put a table, a function or an operator of their own in the way', async () => {
    const attack = `CREATE SCHEMA evil; GRANT ALL ON SCHEMA evil TO integrity_test_writer;
      CREATE TABLE evil.tombstone (source text, target text, id text);
      CREATE FUNCTION evil.nextval(text) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
      CREATE FUNCTION evil.same(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT false';
      CREATE OPERATOR evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.same);
      CREATE TEMP TABLE delete_log (epoch text, xid xid8, target text, id text, at timestamptz);
      SET LOCAL search_path = evil, pg_temp, pg_catalog, public`
    await expect(asWriter(`INSERT INTO projects VALUES ('${grace}')`, attack)).rejects.toMatchObject({
      code: '23503',
    })
  })
})

test('a prepared transaction deletes, and logs when it commits', async () => {
  const [{ possible }] = await query(
    `SELECT current_setting('max_prepared_transactions')::int > 0 AS possible`,
  )
  await query('CREATE TABLE users (id uuid PRIMARY KEY)')
  await install([projectsToUsers], 'auth')
  await query('INSERT INTO users VALUES ($1)', [ada])
  if (!possible) {
    // Then it cannot be prepared by anybody, and listeners are told.
    await query('LISTEN integrity')
    const told = new Promise((resolve) => playground.client.once('notification', resolve))
    await query('DELETE FROM users')
    expect(await told).toMatchObject({ channel: 'integrity', payload: '' })
    return
  }
  await query(`BEGIN; DELETE FROM users; PREPARE TRANSACTION 'gone'`)
  expect(await logged()).toEqual([])
  await query(`COMMIT PREPARED 'gone'`)
  expect(await logged()).toEqual([ada])
})
