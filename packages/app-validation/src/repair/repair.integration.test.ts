import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Client } from 'pg'
import { scan } from '../scan/scan.ts'
import { sweepOnce } from '../sweep/round.ts'
import { openSession } from '../sweep/session.ts'
import { makePair, type Pair } from '../testing/pair.ts'
import { type RepairOptions, repair } from './repair.ts'
import { undoRepair } from './undo.ts'

let pair: Pair
const opened: Client[] = []
const run = randomUUID()

beforeEach(async () => {
  pair = await makePair()
  await pair.a.client.query("INSERT INTO users SELECT n, '' FROM generate_series(1, 10) AS n")
  await pair.a.client.query('ALTER TABLE users DISABLE TRIGGER integrity_restrict_id')
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((session) => session.end().catch(() => {})))
  await pair[Symbol.asyncDispose]()
})

const open = async (side: 'referenced' | 'referencing') => {
  const url = (side === 'referenced' ? pair.a : pair.b).url
  const session = await openSession({
    database: { name: side, pool: () => ({ connectionString: url }) },
    side,
    name: 'repair',
  })
  opened.push(session)
  return session
}

const mend = (options: Partial<RepairOptions> = {}) => repair(open, pair.link, { run, ...options })
const name = (table: string, ...ids: readonly number[]) =>
  pair.b.client.query(
    `INSERT INTO ${table} (user_id, label) SELECT n, 'of ' || n FROM unnest($1::integer[]) AS n`,
    [ids],
  )
const rowsOf = async (table: string) => (await pair.b.client.query(`SELECT * FROM ${table} ORDER BY 1`)).rows
const namesIn = async (table: string) => (await rowsOf(table)).map(({ user_id }) => user_id)
const scanned = async () => {
  const { columns } = await scan(open, pair.link)
  return columns.reduce((sum, { orphans }) => sum + orphans.rows, 0)
}
const kept = async () => (await pair.b.client.query('SELECT FROM integrity.quarantine')).rows.length

describe('a repair', () => {
  test('does what fits each reference, and leaves to people what Restrict and Keep name', async () => {
    for (const table of ['projects', 'notes', 'invoices', 'logs']) await name(table, 1, 200, 200, 300)
    expect(await mend()).toEqual([
      { column: 'public.projects.user_id', action: 'quarantine', rows: 3, kept: 3 },
      { column: 'public.notes.user_id', action: 'set-null', rows: 3, kept: 3 },
    ])
    expect(await namesIn('projects')).toEqual([1])
    expect(await namesIn('notes')).toEqual([1, null, null, null])
    expect(await namesIn('invoices')).toEqual([1, 200, 200, 300])
    expect(await namesIn('logs')).toEqual([1, 200, 200, 300])
    expect(await mend()).toEqual([])
  })

  test('does the same to all when told, and keeps nothing when told to delete', async () => {
    for (const table of ['projects', 'notes', 'invoices', 'logs']) await name(table, 1, 200)
    const done = await mend({ action: 'delete' })
    expect(done.map(({ action, rows, kept }) => [action, rows, kept])).toEqual(
      Array.from({ length: 4 }, () => ['delete', 1, 0]),
    )
    expect(await kept()).toBe(0)
  })

  test('is undone row by row', async () => {
    await name('projects', 1, 200, 300)
    await name('notes', 200)
    const before = [await rowsOf('projects'), await rowsOf('notes')]
    await mend()
    expect(await undoRepair(pair.b.client, run)).toEqual([
      { table: 'public.notes', action: 'set', rows: 1, skipped: 0 },
      { table: 'public.projects', action: 'inserted', rows: 2, skipped: 0 },
    ])
    expect([await rowsOf('projects'), await rowsOf('notes')]).toEqual(before)
    expect(await undoRepair(pair.b.client, run)).toEqual([])
  })

  test('keeps and puts back what goes with the rows inside the database, to any depth', async () => {
    await pair.b.client.query(`
      CREATE TABLE tasks (id integer PRIMARY KEY, project integer NOT NULL REFERENCES projects ON DELETE CASCADE,
        parent integer REFERENCES tasks ON DELETE CASCADE, size integer GENERATED ALWAYS AS (id * 2) STORED);
      CREATE TABLE "Links" (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "Task" integer REFERENCES tasks ON DELETE SET NULL);
    `)
    await name('projects', 1, 200)
    await pair.b.client.query(
      'INSERT INTO tasks VALUES (1, 1, NULL), (2, 2, NULL), (3, 2, 2), (4, 1, 3); INSERT INTO "Links" ("Task") VALUES (1), (4)',
    )
    const all = async () => [await rowsOf('projects'), await rowsOf('tasks'), await rowsOf('"Links"')]
    const before = await all()
    expect(await mend()).toEqual([
      { column: 'public.projects.user_id', action: 'quarantine', rows: 1, kept: 4 },
    ])
    expect((await rowsOf('tasks')).map(({ id }) => id)).toEqual([1])
    expect((await rowsOf('"Links"')).map(({ Task }) => Task)).toEqual([1, null])
    await undoRepair(pair.b.client, run)
    expect(await all()).toEqual(before)
  })

  test('puts every value back as it was', async () => {
    const columns = `
      ADD nothing jsonb, ADD null_of_json jsonb, ADD document json, ADD number numeric, ADD moment timestamptz,
      ADD code char(4), ADD places int[], ADD bytes bytea, ADD span interval, ADD "Odd ""name" text, ADD yes boolean`
    await pair.b.client.query(`ALTER TABLE projects ${columns}; ALTER TABLE notes ${columns};
      CREATE TABLE parts (project integer REFERENCES projects ON DELETE SET NULL, document json);
      ALTER TABLE notes DROP CONSTRAINT notes_pkey;
      ALTER TABLE notes ADD size integer GENERATED ALWAYS AS (coalesce(user_id, 0) + 1) STORED`)
    for (const table of ['projects', 'notes']) {
      await pair.b.client.query(
        `INSERT INTO ${table} VALUES (7, 200, 'x', NULL, 'null', '{ "b": 1,  "a": 2, "a": 3 }', 1.2300,
           'infinity', 'a', '[2:3]={1,NULL}', '\\x00ff', '1 mon -3 days', 'it''s ', false)`,
      )
    }
    await pair.b.client.query(`INSERT INTO parts VALUES (7, '{ "a" : null }')`)
    const all = async () => {
      const texts = async (table: string) =>
        (await pair.b.client.query(`SELECT t::text AS row FROM ${table} AS t`)).rows
      return [await texts('projects'), await texts('notes'), await texts('parts')]
    }
    const before = await all()
    await mend()
    expect(await namesIn('notes')).toEqual([null])
    // A column that came since has its default, and one that went is no matter.
    await pair.b.client.query('ALTER TABLE projects ADD since integer NOT NULL DEFAULT 5')
    await undoRepair(pair.b.client, run)
    expect((await rowsOf('projects')).map(({ since }) => since)).toEqual([5])
    await pair.b.client.query('ALTER TABLE projects DROP since')
    expect(await all()).toEqual(before)
  })

  test('takes out what many rows name in several transactions, each of its own size', async () => {
    await pair.b.client.query(`INSERT INTO projects (user_id) SELECT 200 FROM generate_series(1, 105);
      INSERT INTO notes (user_id) SELECT 200 + n % 2 FROM generate_series(1, 100) AS n`)
    const told: number[] = []
    expect(await mend({ rowsPerBatch: 100, onRepaired: (rows) => told.push(rows) })).toEqual([
      { column: 'public.projects.user_id', action: 'quarantine', rows: 105, kept: 105 },
      { column: 'public.notes.user_id', action: 'set-null', rows: 100, kept: 100 },
    ])
    expect(told).toEqual([100, 155, 205])
    const undone = await undoRepair(pair.b.client, run)
    expect(undone.map(({ rows, skipped }) => [rows, skipped])).toEqual([
      [100, 0],
      [105, 0],
    ])
  })

  test('takes rows out of partitions, and puts them back', async () => {
    await pair.b.client.query(`ALTER TABLE projects RENAME TO part;
      CREATE TABLE projects (LIKE part) PARTITION BY HASH (id);
      CREATE INDEX ON projects (user_id);
      CREATE TABLE even PARTITION OF projects FOR VALUES WITH (MODULUS 2, REMAINDER 0);
      CREATE TABLE odd PARTITION OF projects FOR VALUES WITH (MODULUS 2, REMAINDER 1);
      INSERT INTO projects SELECT n, 1 + 199 * (n % 2), 'x' FROM generate_series(1, 20) AS n`)
    const before = await rowsOf('projects')
    expect(await mend()).toEqual([
      { column: 'public.projects.user_id', action: 'quarantine', rows: 10, kept: 10 },
    ])
    expect(new Set(await namesIn('projects'))).toEqual(new Set([1]))
    await undoRepair(pair.b.client, run)
    expect(await rowsOf('projects')).toEqual(before)
  })

  test('may be done twice at once: each row is taken out once', async () => {
    const ids = Array.from({ length: 300 }, (_, index) => 1000 + index)
    for (const table of ['projects', 'notes']) await name(table, ...ids)
    const both = await Promise.all([mend(), mend({ run: randomUUID() })])
    const rows = both.flat().reduce((sum, each) => sum + each.rows, 0)
    expect([rows, await kept()]).toEqual([600, 600])
    expect([await namesIn('projects'), await scanned()]).toEqual([[], 0])
  })

  test('changes nothing where a trigger would delete what nobody sees', async () => {
    await pair.b.client.query(`
      CREATE FUNCTION also() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN DELETE FROM public.notes; RETURN NULL; END';
      CREATE TRIGGER also AFTER DELETE ON projects FOR EACH ROW EXECUTE FUNCTION also()`)
    await name('projects', 200)
    await name('notes', 1)
    await expect(mend()).rejects.toMatchObject({ code: 'repair.blocked' })
    expect([await namesIn('projects'), await namesIn('notes'), await kept()]).toEqual([[200], [1], 0])
  })

  test('says that a column has to have a value', async () => {
    await pair.b.client.query('ALTER TABLE projects ALTER user_id SET NOT NULL')
    await name('projects', 200)
    await expect(mend({ action: 'set-null' })).rejects.toMatchObject({
      code: 'repair.blocked',
      why: expect.stringContaining('null value'),
    })
    expect(await namesIn('projects')).toEqual([200])
  })

  test('touches no row of somebody who is being created', async () => {
    await name('projects', 200)
    const creating = await pair.a.connect()
    await creating.query("BEGIN; INSERT INTO users VALUES (200, '')")
    const mending = mend()
    await pair.a.client.query('SELECT pg_sleep(0.5)')
    await creating.query('COMMIT')
    expect(await mending).toEqual([])
    expect(await namesIn('projects')).toEqual([200])
  })
})

describe('what is left of a deleted row', () => {
  /** A fence that was down has let a row pass after the sweep. */
  async function comeTooLate() {
    await pair.a.client.query('DELETE FROM users WHERE id = 1')
    await sweepOnce({ a: await pair.a.connect(), b: await pair.b.connect() }, pair.link)
    await pair.b.client.query('ALTER TABLE projects DISABLE TRIGGER integrity_fence_insert_user_id')
    await name('projects', 1)
    await pair.b.client.query('ALTER TABLE projects ENABLE ALWAYS TRIGGER integrity_fence_insert_user_id')
  }

  test('goes, and is not kept', async () => {
    await comeTooLate()
    expect(await mend()).toEqual([
      { column: 'public.projects.user_id', action: 'quarantine', rows: 1, kept: 0 },
    ])
    expect(await kept()).toBe(0)
  })

  test('leaves the quarantine when its id is deleted later', async () => {
    await name('projects', 200, 300)
    await mend()
    await pair.a.client.query("INSERT INTO users VALUES (200, ''); DELETE FROM users WHERE id = 200")
    await sweepOnce({ a: await pair.a.connect(), b: await pair.b.connect() }, pair.link)
    const { rows } = await pair.b.client.query('SELECT id FROM integrity.quarantine')
    expect(rows).toEqual([{ id: '300' }])
  })

  test('is not put back past the fence', async () => {
    await name('projects', 200, 300)
    await mend()
    await pair.b.client.query(
      `INSERT INTO integrity.tombstone (source, target, id, epoch, xid, deleted_at)
       VALUES ('auth', 'public.users.id', '200', '1:1', '1', now())`,
    )
    await expect(undoRepair(pair.b.client, run)).rejects.toMatchObject({ code: 'repair.undo-refused' })
    expect(await namesIn('projects')).toEqual([])
  })
})
