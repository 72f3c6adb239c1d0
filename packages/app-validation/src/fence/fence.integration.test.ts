import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { from as copyFrom } from 'pg-copy-streams'
import { makePlayground, type Playground, scriptsOf } from '../testing/database.ts'
import { fenceScript, partitionedTable, plainTable, projectsToUsers } from '../testing/sides.ts'

let playground: Playground
const [dead, alive] = [1, 2].map((n) => `00000000-0000-0000-0000-00000000000${n}`)

const query = async (sql: string, values: readonly unknown[] = []) =>
  (await playground.client.query(sql, [...values])).rows
const refusal = { code: '23503', constraint: 'fk_projects_user_id', table: 'projects', column: 'user_id' }

async function bury(id: string | undefined) {
  await query(
    `INSERT INTO integrity.tombstone (source, target, id, epoch, xid, deleted_at)
     VALUES ('auth', 'public.users.id', $1, '1:1', '1', now())`,
    [id],
  )
}

beforeEach(async () => {
  playground = await makePlayground()
  await query('CREATE SCHEMA integrity')
  for (const script of await scriptsOf('referencing')) await query(script)
  await bury(dead)
})

afterEach(async () => {
  await playground[Symbol.asyncDispose]()
})

describe('on a plain table', () => {
  beforeEach(async () => {
    await query('CREATE TABLE projects (n integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY, user_id uuid)')
    await query(fenceScript(projectsToUsers, [plainTable('projects')]))
    await query('INSERT INTO projects (user_id) VALUES ($1), (NULL)', [alive])
  })

  test.each([
    ['INSERT', `INSERT INTO projects (user_id) VALUES ('${dead}')`],
    ['INSERT of many', `INSERT INTO projects (user_id) SELECT gen_random_uuid() UNION ALL SELECT '${dead}'`],
    ['UPDATE', `UPDATE projects SET user_id = '${dead}' WHERE n = 1`],
    ['UPDATE from null', `UPDATE projects SET user_id = '${dead}' WHERE n = 2`],
    [
      'an upsert',
      `INSERT INTO projects (n, user_id) OVERRIDING SYSTEM VALUE VALUES (1, NULL) ON CONFLICT (n) DO UPDATE SET user_id = '${dead}'`,
    ],
    [
      'MERGE',
      `MERGE INTO projects p USING (VALUES (1)) s(n) ON p.n = s.n WHEN MATCHED THEN UPDATE SET user_id = '${dead}'`,
    ],
    [
      'a replica',
      `SET session_replication_role = replica; INSERT INTO projects (user_id) VALUES ('${dead}')`,
    ],
  ])('refuses a deleted id in %s', async (_, sql) => {
    await expect(query(sql)).rejects.toMatchObject({
      ...refusal,
      message: 'insert or update on table "projects" violates foreign key constraint "fk_projects_user_id"',
      detail: `Key (user_id)=(${dead}) was deleted from table "users" of auth.`,
    })
  })

  test('refuses a deleted id in COPY', async () => {
    const copy = playground.client.query(copyFrom('COPY projects (user_id) FROM STDIN'))
    await expect(pipeline(Readable.from([`${alive}\n`, `${dead}\n`]), copy)).rejects.toMatchObject(refusal)
    expect(await query('SELECT user_id FROM projects ORDER BY n')).toEqual([
      { user_id: alive },
      { user_id: null },
    ])
  })

  test('refuses what a BEFORE trigger puts in', async () => {
    await query(`ALTER TABLE projects ADD COLUMN name text;
      CREATE FUNCTION other() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.user_id := '${dead}'; RETURN NEW; END$$;
      CREATE TRIGGER other BEFORE UPDATE ON projects FOR EACH ROW EXECUTE FUNCTION other()`)
    await expect(query(`UPDATE projects SET name = 'x'`)).rejects.toMatchObject(refusal)
  })

  test('lets pass living ids, nulls, and rows that already name a deleted one', async () => {
    await query('UPDATE projects SET user_id = $1 WHERE n = 2', [alive])
    await query('UPDATE projects SET user_id = NULL WHERE n = 1')
    await bury(alive)
    await query('UPDATE projects SET n = DEFAULT')
  })

  test('counts what it refuses', async () => {
    await expect(query('INSERT INTO projects (user_id) VALUES ($1)', [dead])).rejects.toThrow()
    expect(await query('SELECT last_value, is_called FROM integrity.refused_writes')).toEqual([
      { last_value: '1', is_called: true },
    ])
  })
})

describe('on a partitioned table', () => {
  beforeEach(async () => {
    await query(`CREATE TABLE projects (n integer, user_id uuid) PARTITION BY RANGE (n);
      CREATE TABLE first PARTITION OF projects FOR VALUES FROM (0) TO (10)`)
    await query(fenceScript(projectsToUsers, [partitionedTable('projects')]))
    await query('CREATE TABLE later PARTITION OF projects FOR VALUES FROM (10) TO (20)')
  })

  test.each(['projects', 'first', 'later'])('refuses a deleted id through %s', async (table) => {
    const n = table === 'later' ? 10 : 1
    await expect(query(`INSERT INTO ${table} VALUES (${n}, '${dead}')`)).rejects.toMatchObject({
      code: '23503',
      constraint: 'fk_projects_user_id',
    })
  })

  test('does not look at the rows of a table that is attached: those are the scan’s', async () => {
    await query(`CREATE TABLE filled (n integer, user_id uuid); INSERT INTO filled VALUES (21, '${dead}')`)
    await query('ALTER TABLE projects ATTACH PARTITION filled FOR VALUES FROM (20) TO (30)')
    expect(await query('SELECT user_id FROM projects')).toEqual([{ user_id: dead }])
    await expect(query(`INSERT INTO filled VALUES (22, '${dead}')`)).rejects.toMatchObject({ code: '23503' })
  })

  test('refuses one that comes with a move to another partition', async () => {
    await query('INSERT INTO projects VALUES (1, $1)', [alive])
    await expect(query(`UPDATE projects SET n = 11, user_id = '${dead}'`)).rejects.toMatchObject({
      code: '23503',
    })
  })
})

describe('a RESTRICT reference', () => {
  beforeEach(async () => {
    await query('CREATE TABLE projects (user_id uuid)')
    await query(fenceScript({ ...projectsToUsers, onDelete: 'Restrict' }, [plainTable('projects')]))
  })

  test('lets writers retry while the deletion is being decided', async () => {
    await query(
      `INSERT INTO integrity.reservation VALUES ('auth', 'public.users.id', $1, gen_random_uuid())`,
      [alive],
    )
    await expect(query('INSERT INTO projects VALUES ($1)', [alive])).rejects.toMatchObject({
      ...refusal,
      code: '40001',
    })
    await expect(query('INSERT INTO projects VALUES ($1)', [dead])).rejects.toMatchObject({ code: '23503' })
  })
})
