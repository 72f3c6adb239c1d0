import { describe, expect, test } from '@jest/globals'
import { verifyReceipts } from '../receipts/receipts.ts'
import { makePair, type Pair } from '../testing/pair.ts'
import { followDeletions, sweepOnce } from './round.ts'

const swept = ['projects', 'notes', 'logs']

const sweep = async ({ a, b, link }: Pair) =>
  await sweepOnce({ a: await a.connect(), b: await b.connect() }, link)

const namesIn = async ({ b }: Pair, table: string) => {
  const { rows } = await b.client.query(`SELECT user_id FROM ${table} ORDER BY id`)
  return rows.map((row: { user_id: number | null }) => row.user_id)
}

/** Three people, each with two rows in every table. */
async function populate({ a, b }: Pair, tables: readonly string[] = swept) {
  await a.client.query("INSERT INTO users SELECT n, 'somebody' FROM generate_series(1, 3) AS n")
  for (const table of tables) {
    await b.client.query(
      `INSERT INTO ${table} (user_id) SELECT n FROM generate_series(1, 3) AS n, generate_series(1, 2)`,
    )
  }
}

describe('one round', () => {
  test('takes the referential actions of deleted rows, and leaves the rows of the living alone', async () => {
    await using pair = await makePair(swept)
    await populate(pair)
    await pair.a.client.query('DELETE FROM users WHERE id IN (1, 3)')
    expect(await sweep(pair)).toEqual({ taken: 2, rows: 8, closed: 2 })
    expect(await namesIn(pair, 'projects')).toEqual([2, 2])
    expect((await namesIn(pair, 'notes')).sort()).toEqual([2, 2, null, null, null, null])
    expect((await namesIn(pair, 'logs')).sort()).toEqual([1, 1, 2, 2, 3, 3])
  })

  test('writes a receipt of what was done and what is left, and the chain of receipts holds', async () => {
    await using pair = await makePair(swept)
    await populate(pair)
    await pair.a.client.query('DELETE FROM users WHERE id = 2')
    await sweep(pair)
    const { rows } = await pair.b.client.query('SELECT source, target, id, done FROM integrity.receipt')
    expect(rows).toEqual([
      {
        source: 'auth',
        target: 'public.users.id',
        id: '2',
        done: {
          'public.projects.user_id': { action: 'Cascade', rows: 2, left: 0 },
          'public.notes.user_id': { action: 'SetNull', rows: 2, left: 0 },
          'public.logs.user_id': { action: 'Keep', rows: 0, left: 2 },
        },
      },
    ])
    expect((await pair.b.client.query("SELECT * FROM integrity.verify_receipts('auth')")).rows).toEqual([])
    await pair.b.client.query("UPDATE integrity.receipt SET id = '3'")
    expect((await pair.b.client.query("SELECT * FROM integrity.verify_receipts('auth')")).rows).toEqual([
      { number: '1', problem: 'its receipts were changed' },
    ])
    await pair.b.client.query('DELETE FROM integrity.receipt_batch')
    expect((await pair.b.client.query("SELECT * FROM integrity.verify_receipts('auth')")).rows).toEqual([
      { number: '1', problem: 'it is missing, and its receipts are there' },
    ])
  })

  test('leaves tombstones that miss the end of the chain when it is cut off', async () => {
    await using pair = await makePair(swept)
    await populate(pair)
    for (const id of [1, 2]) {
      await pair.a.client.query(`DELETE FROM users WHERE id = ${id}`)
      await sweep(pair)
    }
    expect(await verifyReceipts(pair.b.client, 'auth')).toEqual([])
    await pair.b.client.query(
      'DELETE FROM integrity.receipt WHERE batch = 2; DELETE FROM integrity.receipt_batch WHERE number = 2',
    )
    expect((await pair.b.client.query("SELECT * FROM integrity.verify_receipts('auth')")).rows).toEqual([])
    const missing = { batch: 2, problem: 'what stood here is missing; deletions without a receipt: 1' }
    expect(await verifyReceipts(pair.b.client, 'auth')).toEqual([missing])
    await pair.a.client.query('DELETE FROM users')
    await sweep(pair)
    expect(await verifyReceipts(pair.b.client, 'auth')).toEqual([missing])
  })

  test('does nothing when nothing was deleted, and nothing a second time', async () => {
    await using pair = await makePair(swept)
    await populate(pair)
    expect(await sweep(pair)).toEqual({ taken: 0, rows: 0, closed: 0 })
    await pair.a.client.query('DELETE FROM users')
    expect(await sweep(pair)).toEqual({ taken: 3, rows: 12, closed: 3 })
    expect(await sweep(pair)).toEqual({ taken: 0, rows: 0, closed: 0 })
  })

  test('leaves a fence: a deleted id is refused like a foreign key', async () => {
    await using pair = await makePair(swept)
    await populate(pair)
    await pair.a.client.query('DELETE FROM users WHERE id = 1')
    await sweep(pair)
    await expect(pair.b.client.query('INSERT INTO projects (user_id) VALUES (1)')).rejects.toMatchObject({
      code: '23503',
      constraint: 'fk_projects_user_id',
    })
  })

  test('takes over deletes in whatever order their transactions commit', async () => {
    await using pair = await makePair(swept)
    await populate(pair)
    const early = await pair.a.connect()
    await early.query('BEGIN; DELETE FROM users WHERE id = 1')
    await pair.a.client.query('DELETE FROM users WHERE id = 2')
    expect(await sweep(pair)).toMatchObject({ taken: 1, closed: 1 })
    await early.query('COMMIT')
    expect(await sweep(pair)).toMatchObject({ taken: 1, closed: 1 })
    expect(await namesIn(pair, 'projects')).toEqual([3, 3])
  })

  test('takes over what a prepared transaction deletes when it commits', async () => {
    await using pair = await makePair(swept)
    await populate(pair)
    await pair.a.client.query("BEGIN; DELETE FROM users WHERE id = 1; PREPARE TRANSACTION 'later'")
    await pair.a.client.query('DELETE FROM users WHERE id = 2')
    expect(await sweep(pair)).toMatchObject({ taken: 1 })
    await pair.a.client.query("COMMIT PREPARED 'later'")
    expect(await sweep(pair)).toMatchObject({ taken: 1, closed: 1 })
  })

  test('takes over deletes of an earlier epoch, though their xids mean nothing now', async () => {
    await using pair = await makePair(swept)
    await populate(pair)
    await pair.a.client.query('DELETE FROM users WHERE id = 1')
    await pair.a.client.query("UPDATE integrity.delete_log SET epoch = '42:1', xid = '900000000000'")
    expect(await sweep(pair)).toMatchObject({ taken: 1, closed: 1 })
    expect(await sweep(pair)).toMatchObject({ taken: 0 })
  })

  test('works off in several statements what is too much for one', async () => {
    await using pair = await makePair(swept)
    await populate(pair)
    await pair.b.client.query('INSERT INTO projects (user_id) SELECT 1 FROM generate_series(1, 50)')
    await pair.a.client.query('DELETE FROM users WHERE id = 1')
    const sessions = { a: await pair.a.connect(), b: await pair.b.connect() }
    const batches: number[] = []
    const options = { batchSize: 20, onBatch: (_: unknown, rows: number) => batches.push(rows) }
    expect(await sweepOnce(sessions, pair.link, options)).toMatchObject({ rows: 54 })
    expect(batches).toEqual([20, 20, 12, 2])
  })
})

describe('a deletion', () => {
  const marks = async ({ b }: Pair) =>
    (
      await b.client.query(
        'SELECT cleared_at = swept_at AS at_once, swept_at IS NULL AS open FROM integrity.tombstone',
      )
    ).rows

  test('is closed in one pass where nobody is left who can see the time before', async () => {
    await using pair = await makePair(swept)
    await populate(pair)
    await pair.a.client.query('DELETE FROM users WHERE id = 1')
    const sessions = {
      a: await pair.a.connect(),
      b: await pair.b.connect(),
      helpers: [await pair.b.connect()],
    }
    expect(await followDeletions(sessions, pair.link)).toEqual({ taken: 1, rows: 4, closed: 1 })
    expect(await marks(pair)).toEqual([{ at_once: true, open: false }])
  })

  test('is cleared at once where somebody is, and closed later', async () => {
    await using pair = await makePair(swept)
    await populate(pair)
    const sessions = { a: await pair.a.connect(), b: await pair.b.connect() }
    const long = await pair.b.connect()
    await long.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1')
    await pair.a.client.query('DELETE FROM users WHERE id = 1')
    expect(await followDeletions(sessions, pair.link)).toEqual({ taken: 1, rows: 4, closed: 0 })
    expect((await namesIn(pair, 'projects')).sort()).toEqual([2, 2, 3, 3])
    await long.query('INSERT INTO projects (user_id) VALUES (1)')
    await long.query('COMMIT')
    expect(await sweepOnce(sessions, pair.link)).toEqual({ taken: 0, rows: 1, closed: 1 })
    expect(await marks(pair)).toEqual([{ at_once: false, open: false }])
    expect(
      (
        await pair.b.client.query(
          "SELECT done #>> '{public.projects.user_id,rows}' AS rows FROM integrity.receipt",
        )
      ).rows,
    ).toEqual([{ rows: '3' }])
  })

  test('is closed also where the same rows name somebody deleted in two columns, or go by a foreign key', async () => {
    await using pair = await makePair(['projects', 'notes'])
    await populate(pair, ['projects', 'notes'])
    await pair.b.client.query(`ALTER TABLE notes ADD COLUMN project integer REFERENCES projects ON DELETE CASCADE;
      UPDATE notes SET project = (SELECT min(id) FROM projects WHERE projects.user_id = notes.user_id)`)
    await pair.a.client.query('DELETE FROM users WHERE id < 3')
    expect(await sweep(pair)).toEqual({ taken: 2, rows: 4, closed: 2 })
    expect(await namesIn(pair, 'notes')).toEqual([3, 3])
  })

  test('goes in batches where a trigger keeps rows at first', async () => {
    await using pair = await makePair(['projects'])
    await populate(pair, ['projects'])
    await pair.b.client.query(`CREATE TABLE seen (id integer PRIMARY KEY);
      CREATE FUNCTION keep_once() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF EXISTS (SELECT FROM public.seen WHERE id = OLD.id) THEN RETURN OLD; END IF;
        INSERT INTO public.seen VALUES (OLD.id);
        RETURN NULL;
      END $$;
      CREATE TRIGGER keep_once BEFORE DELETE ON projects FOR EACH ROW EXECUTE FUNCTION keep_once()`)
    await pair.a.client.query('DELETE FROM users WHERE id = 1')
    expect(await sweep(pair)).toEqual({ taken: 1, rows: 2, closed: 1 })
    expect((await namesIn(pair, 'projects')).sort()).toEqual([2, 2, 3, 3])
  })
})

describe('a row that a trigger keeps', () => {
  test('holds up nobody but those whom it names', async () => {
    await using pair = await makePair(['projects'])
    await pair.a.client.query("INSERT INTO users SELECT n, '' FROM generate_series(1, 20) AS n")
    await pair.b.client.query('INSERT INTO projects (user_id) SELECT n FROM generate_series(1, 20) AS n')
    await pair.b.client.query(`CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
      CREATE TRIGGER keep BEFORE DELETE ON projects FOR EACH ROW WHEN (OLD.user_id = 7) EXECUTE FUNCTION keep()`)
    await pair.a.client.query('DELETE FROM users')
    await expect(sweep(pair)).rejects.toMatchObject({ code: 'sweep.stuck' })
    expect(await namesIn(pair, 'projects')).toEqual([7])
    const { rows } = await pair.b.client.query('SELECT id FROM integrity.tombstone WHERE swept_at IS NULL')
    expect(rows).toEqual([{ id: '7' }])
  })
})

describe('somebody with more rows than a transaction may change', () => {
  test('goes in batches, and the others beside', async () => {
    await using pair = await makePair(['projects'])
    await populate(pair, ['projects'])
    await pair.b.client.query('INSERT INTO projects (user_id) SELECT 2 FROM generate_series(1, 30)')
    await pair.a.client.query('DELETE FROM users')
    const sessions = { a: await pair.a.connect(), b: await pair.b.connect() }
    const batches: number[] = []
    const options = { batchSize: 10, onBatch: (_: unknown, rows: number) => batches.push(rows) }
    expect(await sweepOnce(sessions, pair.link, options)).toEqual({ taken: 3, rows: 36, closed: 3 })
    expect(batches).toEqual([2, 10, 10, 10, 2, 2])
  })
})

describe('two rounds at once', () => {
  test('do everything once, with one receipt for each id', async () => {
    await using pair = await makePair(swept)
    await pair.a.client.query("INSERT INTO users SELECT n, '' FROM generate_series(1, 2000) AS n")
    await pair.b.client.query(
      'INSERT INTO projects (user_id) SELECT n FROM generate_series(1, 2000) AS n, generate_series(1, 5)',
    )
    await pair.a.client.query('DELETE FROM users')
    const rounds = await Promise.all([sweep(pair), sweep(pair), sweep(pair)])
    expect(rounds.map(({ rows }) => rows).reduce((x, y) => x + y)).toBeLessThanOrEqual(10_000)
    expect(rounds.map(({ closed }) => closed).reduce((x, y) => x + y)).toBe(2000)
    const { rows } =
      await pair.b.client.query(`SELECT count(*)::integer AS receipts, count(DISTINCT id)::integer AS ids,
      sum((done #>> '{public.projects.user_id,rows}')::integer)::integer AS rows FROM integrity.receipt`)
    expect(rows).toEqual([{ receipts: 2000, ids: 2000, rows: 10_000 }])
    expect((await pair.b.client.query("SELECT * FROM integrity.verify_receipts('auth')")).rows).toEqual([])
    expect(await namesIn(pair, 'projects')).toEqual([])
  })
})
