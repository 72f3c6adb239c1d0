import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Client } from 'pg'
import { takeIn } from '../sweep/intake.ts'
import { makeLinks } from '../sweep/link.ts'
import { sweepOnce } from '../sweep/round.ts'
import { openSession } from '../sweep/session.ts'
import { makePair, type Pair } from '../testing/pair.ts'
import { projectsToUsers } from '../testing/sides.ts'
import { type ColumnScan, scan } from './scan.ts'

let pair: Pair
const opened: Client[] = []

beforeEach(async () => {
  pair = await makePair()
  await pair.a.client.query("INSERT INTO users SELECT n, '' FROM generate_series(1, 100) AS n")
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
    name: 'scan',
  })
  opened.push(session)
  return session
}

const sweep = async () => sweepOnce({ a: await pair.a.connect(), b: await pair.b.connect() }, pair.link)
const name = (table: string, ...ids: readonly number[]) =>
  pair.b.client.query(`INSERT INTO ${table} (user_id) SELECT unnest($1::integer[])`, [ids])

/** What is found in each table, without what is zero. */
async function found(options: Parameters<typeof scan>[2] = {}): Promise<Record<string, object>> {
  const { columns } = await scan(open, pair.link, options)
  const brief = ({ orphans, kept, waiting }: ColumnScan) => ({
    ...(orphans.ids > 0 && { orphans }),
    ...(kept.ids > 0 && { kept }),
    ...(waiting.ids > 0 && { waiting }),
  })
  return Object.fromEntries(
    columns
      .filter((column) => Object.keys(brief(column)).length > 0)
      .map((column) => [column.column, brief(column)]),
  )
}

describe('a scan', () => {
  test('finds nothing where every id exists', async () => {
    for (const table of ['projects', 'notes', 'invoices', 'logs']) await name(table, 1, 50, 100)
    expect(await found()).toEqual({})
  })

  test('finds ids that never were, whatever the action of the reference', async () => {
    for (const table of ['projects', 'notes', 'invoices', 'logs']) await name(table, 1, -7, 200, 200)
    const orphans = { ids: 2, rows: 3, deleted: 0 }
    expect(await found()).toEqual({
      'public.projects.user_id': { orphans },
      'public.notes.user_id': { orphans },
      'public.invoices.user_id': { orphans },
      'public.logs.user_id': { orphans },
    })
  })

  test.each([1, 7, 100, 1000])(
    'finds them with pages of %d, between, before and after all others',
    async (pageSize) => {
      await pair.a.client.query('ALTER TABLE users DISABLE TRIGGER USER; DELETE FROM users WHERE id % 10 = 3')
      await name('projects', ...Array.from({ length: 130 }, (_, index) => index - 10))
      // -10 to 0, 3, 13, … 93, and 101 to 119.
      expect(await found({ pageSize })).toEqual({
        'public.projects.user_id': { orphans: { ids: 40, rows: 40, deleted: 0 } },
      })
    },
  )

  test('finds them by columns without an index as well, and beside columns with one', async () => {
    await pair.b.client.query('DROP INDEX projects_user_id_idx')
    await name('projects', 5, 200)
    await name('notes', 6, 300)
    expect(await found({ pageSize: 9 })).toEqual({
      'public.projects.user_id': { orphans: { ids: 1, rows: 1, deleted: 0 } },
      'public.notes.user_id': { orphans: { ids: 1, rows: 1, deleted: 0 } },
    })
  })

  test('counts each id once, also where columns with an index and columns without name it', async () => {
    await pair.b.client.query('DROP INDEX projects_user_id_idx; DROP INDEX logs_user_id_idx')
    for (const table of ['projects', 'notes', 'logs']) await name(table, 200, 200, 300)
    const orphans = { ids: 2, rows: 3, deleted: 0 }
    expect(await found({ pageSize: 40 })).toEqual({
      'public.projects.user_id': { orphans },
      'public.notes.user_id': { orphans },
      'public.logs.user_id': { orphans },
    })
  })

  test.each([3, 1000])('finds them where many rows name the same id, with pages of %d', async (pageSize) => {
    const ids = [-5, 1, 2, 50, 100, 101, 102, 103, 200]
    await pair.b.client.query(
      `INSERT INTO notes (user_id) SELECT unnest($1::integer[]) FROM generate_series(1, 150)`,
      [ids],
    )
    await pair.b.client.query('ANALYZE notes')
    const orphans = { ids: 5, rows: 750, deleted: 0 }
    expect(await found({ pageSize })).toEqual({ 'public.notes.user_id': { orphans } })
  })

  test('finds them in partitions', async () => {
    await pair.b.client.query(`ALTER TABLE notes RENAME TO part;
      CREATE TABLE notes (LIKE part) PARTITION BY RANGE (user_id);
      CREATE INDEX ON notes (user_id);
      CREATE TABLE low PARTITION OF notes FOR VALUES FROM (MINVALUE) TO (50);
      CREATE TABLE high PARTITION OF notes FOR VALUES FROM (50) TO (MAXVALUE)`)
    await pair.b.client.query(
      'INSERT INTO notes (id, user_id) SELECT n, n FROM generate_series(-2, 103) AS n',
    )
    expect(await found({ pageSize: 30 })).toEqual({
      'public.notes.user_id': { orphans: { ids: 6, rows: 6, deleted: 0 } },
    })
  })

  test('tells how far it is, of all that it reads, and ends when told to', async () => {
    await pair.a.client.query('ANALYZE users')
    await pair.b.client.query('DROP INDEX projects_user_id_idx')
    const told: number[][] = []
    await found({ pageSize: 40, onProgress: ({ passed, total }) => told.push([passed, total]) })
    // Once for the columns with an index, and once for the one without, which names nobody.
    expect(told).toEqual([40, 80, 100].map((passed) => [passed, 200]))
    const ending = new AbortController()
    const options = { pageSize: 10, signal: ending.signal, onProgress: () => ending.abort() }
    await expect(found(options)).rejects.toMatchObject({ name: 'AbortError' })
  })

  test('says which right is missing', async () => {
    const openAs = async (side: Parameters<typeof open>[0]) => {
      const session = await open(side)
      await session.query('SET ROLE pg_monitor')
      return session
    }
    await expect(scan(openAs, pair.link)).rejects.toMatchObject({ code: 'integrity.forbidden' })
    await pair.b.client.query('GRANT SELECT ON projects TO pg_monitor')
    await pair.b.client.query('ALTER TABLE projects ENABLE ROW LEVEL SECURITY')
    const reading = scan(openAs, { ...pair.link, columns: pair.link.columns.slice(0, 1) })
    await expect(reading).rejects.toMatchObject({ code: 'integrity.forbidden' })
  })

  test.each(['a', 'b'] as const)('ends when its sessions of %s are ended in the middle', async (side) => {
    await name('projects', ...Array.from({ length: 100 }, (_, index) => index + 1))
    const ended: Promise<unknown>[] = []
    const onProgress = () => {
      const ending = pair[side].client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE application_name = 'manybase scan' AND datname = current_database()`,
      )
      ended.push(ending)
    }
    await expect(found({ pageSize: 1, onProgress })).rejects.toThrow(/terminat|not queryable/)
    await Promise.all(ended)
  })

  test('leaves to the sweep what the sweep has before it', async () => {
    await name('projects', 1, 2)
    await pair.a.client.query('ALTER TABLE users DISABLE TRIGGER integrity_restrict_id')
    await pair.a.client.query('DELETE FROM users WHERE id = 1')
    const waiting = { 'public.projects.user_id': { waiting: { ids: 1, rows: 1 } } }
    expect(await found()).toEqual(waiting)
    await takeIn({ a: await pair.a.connect(), b: await pair.b.connect() }, pair.link)
    expect(await found()).toEqual(waiting)
    await sweep()
    expect(await found()).toEqual({})
  })

  test('finds rows that came past a fence that was down, and those whose tombstone was lost', async () => {
    await pair.a.client.query('ALTER TABLE users DISABLE TRIGGER integrity_restrict_id')
    await pair.a.client.query('DELETE FROM users WHERE id IN (1, 2)')
    await sweep()
    await pair.b.client.query('ALTER TABLE projects DISABLE TRIGGER integrity_fence_insert_user_id')
    await name('projects', 1, 2)
    await pair.b.client.query("DELETE FROM integrity.tombstone WHERE id = '2'")
    // Transactions of other databases on the server hold the cursor back, and what is ahead of it is taken over again.
    await pair.b.client.query("UPDATE integrity.cursor SET horizon = '9000000000000000000'")
    expect(await found()).toEqual({ 'public.projects.user_id': { orphans: { ids: 2, rows: 2, deleted: 2 } } })
  })

  test('tells rows that are kept of deleted ids from rows of ids that never were', async () => {
    await name('logs', 1, 1, 200)
    await pair.a.client.query('ALTER TABLE users DISABLE TRIGGER integrity_restrict_id')
    await pair.a.client.query('DELETE FROM users WHERE id = 1')
    await sweep()
    expect(await found()).toEqual({
      'public.logs.user_id': { orphans: { ids: 1, rows: 1, deleted: 0 }, kept: { ids: 1, rows: 2 } },
    })
  })

  test('shows the first orphans, and changes nothing', async () => {
    await name('projects', 300, 200, 200, 400)
    const { columns } = await scan(open, pair.link, { examples: 2 })
    expect(columns[0]?.examples).toEqual([
      { id: '200', rows: 2, isDeleted: false },
      { id: '300', rows: 1, isDeleted: false },
    ])
    expect((await pair.b.client.query('SELECT FROM projects')).rowCount).toBe(4)
  })

  test('does not report whom somebody creates while it reads', async () => {
    const pages = { pageSize: 10 }
    let created = false
    await name('notes', 999)
    const onProgress = async () => {
      if (created) return
      created = true
      await pair.a.client.query("INSERT INTO users VALUES (-1, ''), (150, ''), (999, '')")
      await name('projects', -1, 150)
    }
    expect(await found({ ...pages, onProgress })).toEqual({})
  })
})

test.each(['', 'COLLATE "C"'])(
  'ids of text are compared as they are, whatever the collations: %s',
  async (collation) => {
    await pair.a.client.query(
      `CREATE TABLE "People" ("Id" text ${collation} PRIMARY KEY); INSERT INTO "People" VALUES ('b'), ('B'), ('ä'), ('Zoë'), ('a b')`,
    )
    await pair.b.client.query(
      `CREATE TABLE letters ("From" varchar(20), "to" text COLLATE "C"); CREATE INDEX ON letters ("to")`,
    )
    await pair.b.client.query(
      `INSERT INTO letters VALUES ('b', 'B'), ('ä', 'a b'), ('Zoë', 'zoë'), ('A', 'it''s \\'), (NULL, NULL)`,
    )
    const letters = { ...pair.references[0], table: 'letters', required: false, onDelete: 'Keep' } as const
    const target = { database: 'auth', schema: 'public', table: 'People', column: 'Id' }
    const [link] = makeLinks([
      { ...projectsToUsers, ...letters, column: 'From', type: 'varchar(20)', target },
      { ...projectsToUsers, ...letters, column: 'to', type: 'text', target },
    ])
    if (!link) throw new Error('references make a link')
    const { columns } = await scan(open, link, { pageSize: 2 })
    expect(columns.map(({ column, examples }) => [column, examples.map(({ id }) => id)])).toEqual([
      ['public.letters.From', ['A']],
      ['public.letters.to', ["it's \\", 'zoë']],
    ])
  },
)
