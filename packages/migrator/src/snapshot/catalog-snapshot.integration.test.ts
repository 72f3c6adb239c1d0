import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { TestDatabase } from '@manybase/local-postgres/testing'
import { testServer } from '@manybase/local-postgres/testing'
import pg from 'pg'
import { catalogDifferences, catalogSnapshot } from './catalog-snapshot.ts'

/** What is done, which objects the snapshot must see it in, and how it is undone. */
interface Trace {
  readonly name: string
  readonly up: string
  readonly seen: RegExp
  readonly down: string
}

const base = `
  CREATE TYPE mood AS ENUM ('glad', 'sad');
  CREATE TABLE t (id int PRIMARY KEY, a text NOT NULL DEFAULT 'x', m mood, CONSTRAINT short CHECK (length(a) < 9));
  CREATE INDEX t_a ON t (a);
  CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE TRIGGER tr BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f();
  CREATE VIEW v AS SELECT a FROM t;
  CREATE SEQUENCE s;
`

const traces: readonly Trace[] = [
  { name: 'a table', up: 'CREATE TABLE n (i int)', seen: /^table public\.n$/, down: 'DROP TABLE n' },
  {
    name: 'a column',
    up: 'ALTER TABLE t ADD n int',
    seen: /^table column public\.t\.n$/,
    down: 'ALTER TABLE t DROP n',
  },
  {
    name: 'the type of a column',
    up: 'ALTER TABLE t ALTER id TYPE bigint',
    seen: /^table column public\.t\.id$/,
    down: 'ALTER TABLE t ALTER id TYPE int',
  },
  {
    name: 'a default',
    up: `ALTER TABLE t ALTER a SET DEFAULT 'y'`,
    seen: /^table column public\.t\.a$/,
    down: `ALTER TABLE t ALTER a SET DEFAULT 'x'`,
  },
  {
    name: 'NOT NULL',
    up: 'ALTER TABLE t ALTER a DROP NOT NULL',
    seen: /^table column public\.t\.a$/,
    down: 'ALTER TABLE t ALTER a SET NOT NULL',
  },
  {
    name: 'a check that says something else under the same name',
    up: 'ALTER TABLE t DROP CONSTRAINT short, ADD CONSTRAINT short CHECK (length(a) < 99)',
    seen: /^table constraint short on public\.t$/,
    down: 'ALTER TABLE t DROP CONSTRAINT short, ADD CONSTRAINT short CHECK (length(a) < 9)',
  },
  {
    name: 'an index that covers something else under the same name',
    up: 'DROP INDEX t_a; CREATE INDEX t_a ON t (lower(a))',
    seen: /^index public\.t_a$/,
    down: 'DROP INDEX t_a; CREATE INDEX t_a ON t (a)',
  },
  {
    name: 'the body of a function',
    up: `CREATE OR REPLACE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'`,
    seen: /^function public\.f\(\)$/,
    down: `CREATE OR REPLACE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`,
  },
  {
    name: 'a disabled trigger',
    up: 'ALTER TABLE t DISABLE TRIGGER tr',
    seen: /^trigger tr on public\.t$/,
    down: 'ALTER TABLE t ENABLE TRIGGER tr',
  },
  {
    name: 'a label of an enum',
    up: `ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'`,
    seen: /^type public\.mood$/,
    down: `ALTER TYPE mood RENAME VALUE 'blue' TO 'sad'`,
  },
  {
    name: 'a domain',
    up: 'CREATE DOMAIN d AS text NOT NULL',
    seen: /^type public\.d$/,
    down: 'DROP DOMAIN d',
  },
  {
    name: 'the text of a view',
    up: 'CREATE OR REPLACE VIEW v AS SELECT upper(a) AS a FROM t',
    seen: /^view public\.v$/,
    down: 'CREATE OR REPLACE VIEW v AS SELECT a FROM t',
  },
  {
    name: 'a rule',
    up: 'CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING',
    seen: /^rule r on public\.t$/,
    down: 'DROP RULE r ON t',
  },
  {
    name: 'the step of a sequence',
    up: 'ALTER SEQUENCE s INCREMENT 5',
    seen: /^sequence public\.s$/,
    down: 'ALTER SEQUENCE s INCREMENT 1',
  },
  {
    name: 'row security',
    up: 'ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (id > 0)',
    seen: /^(policy p on|table) public\.t$/,
    down: 'DROP POLICY p ON t; ALTER TABLE t DISABLE ROW LEVEL SECURITY',
  },
  {
    name: 'a comment on a table',
    up: `COMMENT ON TABLE t IS 'x'`,
    seen: /^comment on table public\.t$/,
    down: 'COMMENT ON TABLE t IS NULL',
  },
  {
    name: 'a comment on a column',
    up: `COMMENT ON COLUMN t.a IS 'x'`,
    seen: /^comment on table column public\.t\.a$/,
    down: 'COMMENT ON COLUMN t.a IS NULL',
  },
  {
    name: 'a privilege on a table',
    up: 'GRANT SELECT ON t TO PUBLIC',
    seen: /^table public\.t$/,
    down: 'REVOKE SELECT ON t FROM PUBLIC',
  },
  {
    name: 'a privilege on a column',
    up: 'GRANT UPDATE (a) ON t TO PUBLIC',
    seen: /^table column public\.t\.a$/,
    down: 'REVOKE UPDATE (a) ON t FROM PUBLIC',
  },
  {
    name: 'a privilege on a schema',
    up: 'GRANT CREATE ON SCHEMA public TO PUBLIC',
    seen: /^schema public$/,
    down: 'REVOKE CREATE ON SCHEMA public FROM PUBLIC',
  },
  {
    name: 'a privilege taken from a built-in function',
    up: 'REVOKE EXECUTE ON FUNCTION pg_backend_pid() FROM PUBLIC',
    seen: /^function pg_catalog\.pg_backend_pid\(\)$/,
    down: 'GRANT EXECUTE ON FUNCTION pg_backend_pid() TO PUBLIC',
  },
  {
    name: 'default privileges',
    up: 'ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO PUBLIC',
    seen: /^default acl /,
    down: 'ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE SELECT ON TABLES FROM PUBLIC',
  },
  {
    name: 'extended statistics',
    up: 'CREATE STATISTICS x ON id, a FROM t',
    seen: /^statistics object public\.x$/,
    down: 'DROP STATISTICS x',
  },
  {
    name: 'an event trigger',
    up: `CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
         CREATE EVENT TRIGGER et ON ddl_command_end WHEN TAG IN ('CREATE SERVER') EXECUTE FUNCTION e()`,
    seen: /^event trigger et$/,
    down: 'DROP EVENT TRIGGER et; DROP FUNCTION e()',
  },
  {
    name: 'kinds that only their existence is known of',
    up: `CREATE SCHEMA aside; CREATE COLLATION aside.c FROM "C"; CREATE TEXT SEARCH CONFIGURATION aside.w (COPY = simple);
         CREATE PUBLICATION pu FOR TABLE t; CREATE FOREIGN DATA WRAPPER w; CREATE CAST (mood AS int) WITH INOUT`,
    seen: /^existence of (collation aside\.c|text search configuration aside\.w|publication pu|foreign-data wrapper w|cast .*mood.*)$/,
    down: 'DROP CAST (mood AS int); DROP FOREIGN DATA WRAPPER w; DROP PUBLICATION pu; DROP SCHEMA aside CASCADE',
  },
]

describe('catalogSnapshot', () => {
  let database: TestDatabase
  let client: pg.Client

  beforeAll(async () => {
    database = await (await testServer()).createDatabase()
    client = new pg.Client(database.url)
    await client.connect()
    await client.query(base)
  })

  afterAll(async () => {
    await client.end()
    await database.drop()
  })

  test.each(traces)('sees $name, and sees it gone', async ({ up, seen, down }) => {
    const before = await catalogSnapshot(client)
    await client.query(up)
    const changed = catalogDifferences(before, await catalogSnapshot(client))
    await client.query(down)
    const left = catalogDifferences(before, await catalogSnapshot(client))
    expect(changed.map((difference) => difference.object)).toContainEqual(expect.stringMatching(seen))
    expect(left).toEqual([])
  })

  test('sees a setting of the database', async () => {
    const before = await catalogSnapshot(client)
    await client.query(`ALTER DATABASE "${database.name}" SET work_mem = '5MB'`)
    const changed = catalogDifferences(before, await catalogSnapshot(client))
    await client.query(`ALTER DATABASE "${database.name}" RESET work_mem`)
    expect(changed).toEqual([
      { kind: 'added', object: 'settings of the database for all', after: '{"values": ["work_mem=5MB"]}' },
    ])
  })

  test('tells every object apart', async () => {
    const snapshot = await catalogSnapshot(client)
    const { rows } = await client.query<{ objects: string }>(
      `SELECT count(*)::text AS objects FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind <> 'c'`,
    )
    const relations = [...snapshot.keys()].filter((object) =>
      /^(table|index|view|sequence) public\.\w+$/.test(object),
    )
    expect(relations).toHaveLength(Number(rows[0]?.objects))
  })

  test('leaves the session as it was, even when it fails', async () => {
    await expect(
      catalogSnapshot({
        query: async (sql) => {
          const { rows } = await client.query(sql.includes('UNION ALL') ? 'SELECT 1 AS unexpected' : sql)
          return { rows }
        },
      }),
    ).rejects.toThrow('The catalogs gave no object')
    const { rows } = await client.query('SHOW search_path')
    expect(rows).toEqual([{ search_path: '"$user", public' }])
    await expect(client.query('CREATE TEMP TABLE writable (i int)')).resolves.toBeDefined()
  })
})
