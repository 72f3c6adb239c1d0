import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { makePlayground, type Playground, scriptsOf } from '../testing/database.ts'
import { captureScript, plainTable, projectsToUsers } from '../testing/sides.ts'

let playground: Playground
const [ada, grace, edsger] = [1, 2, 3].map((n) => `00000000-0000-0000-0000-00000000000${n}`)

const query = async (sql: string, values: readonly unknown[] = []) =>
  (await playground.client.query(sql, [...values])).rows
const logged = async () =>
  (await query('SELECT id FROM integrity.delete_log ORDER BY id')).map(({ id }) => id)

beforeEach(async () => {
  playground = await makePlayground()
  await query('CREATE SCHEMA integrity')
  for (const script of await scriptsOf('referenced')) await query(script)
  await query(`CREATE TABLE teams (id integer PRIMARY KEY);
    CREATE TABLE users (id uuid PRIMARY KEY, name text, team integer REFERENCES teams ON DELETE CASCADE)`)
  await query(captureScript([projectsToUsers], [plainTable('users')]))
  await query('INSERT INTO teams VALUES (1)')
  await query('INSERT INTO users VALUES ($1, $2, 1), ($3, $4, 1), ($5, $6, NULL)', [
    ada,
    'Ada',
    grace,
    'Grace',
    edsger,
    'Edsger',
  ])
})

afterEach(async () => {
  await playground[Symbol.asyncDispose]()
})

describe('capture logs what is deleted', () => {
  test('by DELETE, with epoch, transaction and target', async () => {
    await query('BEGIN')
    await query('DELETE FROM users WHERE id = $1', [ada])
    expect(
      await query(`SELECT target, id, epoch = integrity.epoch() AS here, xid = pg_current_xact_id() AS now
                     FROM integrity.delete_log`),
    ).toEqual([{ target: 'public.users.id', id: ada, here: true, now: true }])
    await query('ROLLBACK')
    expect(await logged()).toEqual([])
  })

  test('by a cascade', async () => {
    await query('DELETE FROM teams')
    expect(await logged()).toEqual([ada, grace])
  })

  test('by MERGE and by a CTE', async () => {
    await query(
      'MERGE INTO users u USING (SELECT $1::uuid AS id) s ON u.id = s.id WHEN MATCHED THEN DELETE',
      [ada],
    )
    await query('WITH gone AS (DELETE FROM users WHERE id = $1 RETURNING id) SELECT FROM gone', [grace])
    expect(await logged()).toEqual([ada, grace])
  })

  test('by a session that says it is a replica', async () => {
    await query('SET session_replication_role = replica')
    await query('DELETE FROM users WHERE id = $1', [ada])
    expect(await logged()).toEqual([ada])
  })

  test('and nothing where nothing was deleted', async () => {
    await query('DELETE FROM users WHERE false')
    expect(await logged()).toEqual([])
  })

  test('by one statement of many, also when one of them had been logged before', async () => {
    await query('INSERT INTO users SELECT gen_random_uuid() FROM generate_series(1, 150)')
    await query(`INSERT INTO integrity.delete_log VALUES ('1:1', '1', 'public.users.id', $1)`, [ada])
    await query('DELETE FROM users')
    expect(
      await query('SELECT count(*)::int, count(DISTINCT xid::text)::int AS xids FROM integrity.delete_log'),
    ).toEqual([{ count: 153, xids: 1 }])
  })

  test('again, when a logged id had come back behind its back', async () => {
    await query('DELETE FROM users WHERE id = $1', [ada])
    await query('ALTER TABLE users DISABLE TRIGGER ALL')
    await query('INSERT INTO users VALUES ($1)', [ada])
    await query(
      'ALTER TABLE users ENABLE TRIGGER ALL; ALTER TABLE users ENABLE ALWAYS TRIGGER integrity_capture_id',
    )
    const [before] = await query('SELECT xid FROM integrity.delete_log')
    await query('DELETE FROM users WHERE id = $1', [ada])
    const [after] = await query('SELECT xid FROM integrity.delete_log')
    expect(Number(after?.xid)).toBeGreaterThan(Number(before?.xid))
  })
})

describe('a deleted id is not inserted again', () => {
  beforeEach(async () => {
    await query('DELETE FROM users WHERE id = $1', [ada])
  })

  test.each([
    ['by INSERT', `INSERT INTO users VALUES ('${ada}')`],
    ['by INSERT of many', `INSERT INTO users SELECT gen_random_uuid() UNION ALL SELECT '${ada}'`],
    ['by an upsert', `INSERT INTO users VALUES ('${ada}') ON CONFLICT (id) DO UPDATE SET name = 'x'`],
    [
      'by MERGE',
      `MERGE INTO users u USING (SELECT '${ada}'::uuid AS id) s ON u.id = s.id WHEN NOT MATCHED THEN INSERT (id) VALUES (s.id)`,
    ],
  ])('%s', async (_, sql) => {
    await expect(query(sql)).rejects.toMatchObject({ code: 'IR001', table: 'users', column: 'id' })
  })

  test('also in a snapshot that is older than the delete', async () => {
    const other = await playground.connect()
    await other.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM users')
    await query('DELETE FROM users WHERE id = $1', [grace])
    await expect(other.query('INSERT INTO users VALUES ($1)', [grace])).rejects.toMatchObject({
      code: '40001',
    })
    await other.query('ROLLBACK')
  })

  test('while REPEATABLE READ and SERIALIZABLE insert new ones and leave nothing in the log', async () => {
    await query('BEGIN ISOLATION LEVEL SERIALIZABLE')
    await query('INSERT INTO users VALUES (gen_random_uuid())')
    await query('COMMIT')
    expect(await logged()).toEqual([ada])
  })

  test('until it is revived', async () => {
    expect(await query(`SELECT integrity.revive('public.users.id', $1)`, [ada])).toEqual([{ revive: true }])
    await query('INSERT INTO users VALUES ($1)', [ada])
  })

  test('and every refusal is counted', async () => {
    await expect(query('INSERT INTO users VALUES ($1)', [ada])).rejects.toThrow()
    expect(await query('SELECT last_value, is_called FROM integrity.refused_reuses')).toEqual([
      { last_value: '1', is_called: true },
    ])
  })
})

describe('what capture could not follow is refused', () => {
  test('TRUNCATE', async () => {
    await expect(query('TRUNCATE teams CASCADE')).rejects.toMatchObject({ code: 'IR003', table: 'users' })
  })

  test('another id, also from a BEFORE trigger', async () => {
    await expect(query('UPDATE users SET id = gen_random_uuid()')).rejects.toMatchObject({ code: 'IR002' })
    await query(`CREATE FUNCTION other() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.id := gen_random_uuid(); RETURN NEW; END';
      CREATE TRIGGER other BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION other()`)
    await expect(query(`UPDATE users SET name = 'x'`)).rejects.toMatchObject({ code: 'IR002', column: 'id' })
  })
})
