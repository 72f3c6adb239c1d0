import { cpSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { rowsOf, takeBackup } from './support/backups.ts'
import { catalogsOf } from './support/catalogs.ts'
import { expectFailure } from './support/failure.ts'
import { makeProject, type Project, variableOf } from './support/project.ts'
import { dbCommand, node, run } from './support/run.ts'
import { makeTenant, type Tenant, withClient } from './support/tenant.ts'

let tenant: Tenant
let project: Project

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
afterEach(() => project.dispose())

/** Of everything that a load could get wrong, one. */
const history = `
CREATE TYPE mood AS ENUM ('glad', 'sad');
CREATE TYPE point3 AS (x int, y numeric, z text);
CREATE DOMAIN short AS text CHECK (length(VALUE) < 99);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at := now(); RETURN NEW; END $$;
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'triggers are on'; END $$;
CREATE FUNCTION factor() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2';
CREATE FUNCTION double(n int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN n * factor(); END';
CREATE TABLE "Users" (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "E-mail" text UNIQUE, mood mood, moods mood[], nick short,
  at point3, doubled int GENERATED ALWAYS AS (double(length("E-mail"))) STORED, kind regclass, bytes bytea, n numeric,
  j jsonb, span tstzrange, big text, boss bigint, updated_at timestamptz DEFAULT now(),
  CONSTRAINT boss_is_a_user FOREIGN KEY (boss) REFERENCES "Users" ON DELETE SET NULL
);
COMMENT ON CONSTRAINT boss_is_a_user ON "Users" IS 'bosses are users';
CREATE TRIGGER users_touch BEFORE INSERT OR UPDATE ON "Users" FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TABLE teams (id serial PRIMARY KEY, lead bigint NOT NULL REFERENCES "Users" DEFERRABLE INITIALLY DEFERRED);
ALTER TABLE "Users" ADD team int REFERENCES teams;
CREATE TRIGGER teams_always BEFORE TRUNCATE ON teams EXECUTE FUNCTION refuse();
ALTER TABLE teams ENABLE ALWAYS TRIGGER teams_always;
CREATE TABLE old_teams (id int);
CREATE TRIGGER old_teams_off BEFORE INSERT ON old_teams FOR EACH ROW EXECUTE FUNCTION refuse();
ALTER TABLE old_teams DISABLE TRIGGER old_teams_off;
CREATE TABLE events (at timestamptz NOT NULL, user_id bigint REFERENCES "Users", text text) PARTITION BY RANGE (at);
CREATE TABLE events_old PARTITION OF events FOR VALUES FROM (MINVALUE) TO ('2020-01-01');
CREATE TABLE events_new PARTITION OF events DEFAULT;
CREATE TABLE animals (name text);
CREATE TABLE dogs (good boolean) INHERITS (animals);
CREATE UNLOGGED TABLE cache (k text PRIMARY KEY, v text);
CREATE TABLE secrets (who text, what text);
ALTER TABLE secrets ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON secrets USING (who = current_user);
CREATE TABLE nothing ();
CREATE MATERIALIZED VIEW mails AS SELECT "E-mail" FROM "Users";
CREATE MATERIALIZED VIEW mail_count AS SELECT count(*) FROM mails;
CREATE SEQUENCE counter START 9007199254740993;
INSERT INTO teams (id, lead) SELECT -1, -1 WHERE false;
INSERT INTO old_teams VALUES (1);
`

const rows = `
INSERT INTO "Users" ("E-mail", mood, moods, nick, at, kind, bytes, n, j, span, big)
  SELECT 'u' || i, 'glad', ARRAY['sad', 'glad']::mood[], 'n' || i, ROW(i, i / 3.0, E'tab\\t\\nnew\\\\line')::point3, 'teams', decode(md5(i::text), 'hex'), 'NaN',
         jsonb_build_object('i', i), tstzrange('2020-01-01', NULL), repeat(md5(i::text), 3000)
    FROM generate_series(1, 40) i;
ALTER TABLE "Users" DISABLE TRIGGER users_touch;
UPDATE "Users" SET updated_at = '2001-02-03', boss = 41 - id;
ALTER TABLE "Users" ENABLE TRIGGER users_touch;
INSERT INTO teams (lead) SELECT id FROM "Users" LIMIT 3;
UPDATE "Users" SET team = 1 WHERE id < 9;
DELETE FROM old_teams;
INSERT INTO events SELECT '2019-01-01'::timestamptz + i * '1 month'::interval, i, 'e' FROM generate_series(1, 30) i;
INSERT INTO animals VALUES ('cat'); INSERT INTO dogs VALUES ('Rex', true);
INSERT INTO cache VALUES ('k', 'v'); INSERT INTO secrets VALUES ('somebody else', 'x'), (current_user, 'y');
INSERT INTO nothing DEFAULT VALUES;
SELECT nextval('counter'), nextval('counter');
REFRESH MATERIALIZED VIEW mails; REFRESH MATERIALIZED VIEW mail_count;
`

const withEverything = async () => {
  project = makeProject(tenant, {
    alpha: { '001_all': history },
    beta: { '002_tags': 'CREATE TABLE tags (id int PRIMARY KEY)' },
  })
  expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0 })
  await project.query('alpha', rows)
  await project.query('beta', 'INSERT INTO tags SELECT generate_series(1, 1000)')
}

const simple = async () => {
  project = makeProject(tenant, {
    alpha: { '001_users': 'CREATE TABLE users (id int PRIMARY KEY, name text)' },
  })
  expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0 })
  await project.query('alpha', `INSERT INTO users SELECT i, md5(i::text) FROM generate_series(1, 1000) i`)
}

const backups = () => readdirSync(join(project.directory, 'backups'))

describe('an archive', () => {
  test('brings back every row and object', async () => {
    await withEverything()
    const before = { catalogs: await catalogsOf(project, 'alpha'), rows: await rowsOf(project, 'alpha') }
    const directory = await takeBackup(project, '--archive')
    expect({ catalogs: await catalogsOf(project, 'alpha'), rows: await rowsOf(project, 'alpha') }).toEqual(
      before,
    )

    await project.query(
      'alpha',
      'DROP TABLE events; UPDATE "Users" SET nick = NULL; SELECT nextval(\'counter\')',
    )
    const { stderr, exitCode } = await project.db(['restore', directory, '--yes'])
    expect({ stderr, exitCode }).toMatchObject({ exitCode: 0 })
    expect(await rowsOf(project, 'alpha')).toEqual(before.rows)
    expect(await catalogsOf(project, 'alpha')).toEqual(before.catalogs)
    expect(await project.db(['drift'])).toMatchObject({ exitCode: 0 })
    expect((await project.prisma('alpha', ['migrate', 'status'])).stdout).toContain('up to date')
  })

  test.each(['zstd', 'gzip', 'none'])('may be compressed by %s', async (method) => {
    await simple()
    const before = await rowsOf(project, 'alpha')
    const directory = await takeBackup(project, '--archive', '--compress', method)
    await project.query('alpha', 'DELETE FROM users')
    expect(await project.db(['restore', directory, '--yes'])).toMatchObject({ exitCode: 0 })
    expect(await rowsOf(project, 'alpha')).toEqual(before)
  })

  test('says in its manifest what it has, and sha256sum can verify it', async () => {
    await withEverything()
    const directory = await takeBackup(project, '--archive')
    const manifest = JSON.parse(readFileSync(join(directory, 'alpha/manifest.json'), 'utf8'))
    expect(manifest).toMatchObject({
      format: 1,
      kind: 'archive',
      database: 'alpha',
      snapshot: {
        lsn: expect.stringMatching(/^[0-9A-F]+\/[0-9A-F]+$/),
        xmin: expect.stringMatching(/^\d+$/),
      },
      histories: [
        {
          database: 'alpha',
          current: ['001'],
          revisions: [{ revision: '001_all', checksum: expect.stringMatching(/^[0-9a-f]{64}$/) }],
        },
      ],
    })
    const copies = Object.fromEntries(
      manifest.tables.map((table: { table: string; copy: string; rows: number }) => [
        table.table,
        [table.copy, table.rows],
      ]),
    )
    // Arrays, composite values and regclass name objects by oid; text names them by name.
    expect(copies).toMatchObject({
      Users: ['text', 40],
      teams: ['binary', 3],
      events_old: ['binary', 11],
      events_new: ['binary', 19],
    })
    const sums = await run('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: directory })
    expect(sums).toMatchObject({ stdout: '', exitCode: 0 })
  })

  test('has the rows of one moment, which writers do not wait for', async () => {
    await simple()
    await withClient(project.url('alpha'), async (client) => {
      await client.query('BEGIN; DELETE FROM users; INSERT INTO users VALUES (7, NULL)')
      const directory = await takeBackup(project, '--archive')
      await client.query('COMMIT')
      expect((await project.db(['backup', 'verify', directory])).stdout).toContain('1,001 rows')
    })
    expect(await project.query('alpha', 'SELECT id FROM users')).toEqual([{ id: 7 }])
  })

  test('holds schemas that no history makes, their triggers on its tables, and another history in the same database', async () => {
    project = makeProject(tenant, {
      alpha: { '001_users': 'CREATE TABLE users (id int PRIMARY KEY)' },
      beta: { '001_tags': 'CREATE TABLE tags (id serial PRIMARY KEY)' },
    })
    const env = { [variableOf('beta')]: `${project.url('alpha')}?schema=own` }
    expect(await project.db(['migrate'], { env })).toMatchObject({ exitCode: 0 })
    await project.query(
      'alpha',
      `INSERT INTO users VALUES (1); INSERT INTO own.tags VALUES (DEFAULT);
       CREATE SCHEMA audit; COMMENT ON SCHEMA audit IS 'who did what'; CREATE TYPE audit.way AS ENUM ('in', 'out');
       CREATE TABLE audit.log (id bigserial PRIMARY KEY, way audit.way DEFAULT 'in', user_id int REFERENCES users, ways audit.way[]);
       INSERT INTO audit.log (user_id, ways) VALUES (1, '{in,out}');
       CREATE FUNCTION audit.latest(log audit.log) RETURNS audit.log LANGUAGE sql STABLE AS 'SELECT * FROM audit.log';
       CREATE FUNCTION audit.refuse() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
         $$ BEGIN RAISE EXCEPTION 'not now'; END $$;
       REVOKE ALL ON FUNCTION audit.refuse() FROM PUBLIC;
       CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON users EXECUTE FUNCTION audit.refuse();
       CREATE TRIGGER refuse AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION audit.refuse();
       ALTER TABLE users ENABLE ALWAYS TRIGGER refuse;`,
    )
    const before = { catalogs: await catalogsOf(project, 'alpha'), rows: await rowsOf(project, 'alpha') }
    const { stdout } = await project.db(['backup', '--archive', '--only', 'beta', '--json'], { env })
    const { directory, databases } = JSON.parse(stdout)
    expect(databases).toMatchObject([
      { database: 'alpha', histories: [{ database: 'alpha' }, { database: 'beta' }] },
    ])
    await project.query('alpha', 'DROP SCHEMA audit CASCADE; DROP TABLE own.tags; DELETE FROM users')
    expect(await project.db(['restore', directory, '--yes'], { env })).toMatchObject({ exitCode: 0 })
    expect(await rowsOf(project, 'alpha')).toEqual(before.rows)
    expect(await catalogsOf(project, 'alpha')).toEqual(before.catalogs)
  })

  test('of a database that has drifted is refused', async () => {
    await simple()
    await project.query('alpha', 'ALTER TABLE users ADD extra text')
    expectFailure(await project.db(['backup', '--archive']), {
      code: 'backup.drifted',
      exitCode: 2,
      what: 'alpha is not what its history makes',
      why: 'column extra of public.users',
      fix: 'pnpm db drift --sql',
    })
    expect(backups()).toEqual([])
  })

  test('of what it cannot hold is refused, by name', async () => {
    await simple()
    await project.query('alpha', 'SELECT lo_from_bytea(0, $$large$$)')
    expectFailure(await project.db(['backup', '--archive']), {
      code: 'backup.cannot-carry',
      exitCode: 2,
      what: 'everything that is in alpha',
      why: '1 large objects',
      fix: 'pg_dump',
    })
    expect(backups()).toEqual([])
  })

  test('is taken from all rows or not at all', async () => {
    project = makeProject(tenant, {
      alpha: {
        '001_users':
          'CREATE TABLE users (id int); ALTER TABLE users ENABLE ROW LEVEL SECURITY; ALTER TABLE users FORCE ROW LEVEL SECURITY',
      },
    })
    expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0 })
    expectFailure(await project.db(['backup', '--archive']), {
      code: 'backup.unreadable',
      exitCode: 2,
      what: /public\.users of alpha.*row-level security/,
      why: 'every row',
      fix: 'BYPASSRLS',
    })
    expect(backups()).toEqual([])
  })
})

describe('a backup', () => {
  test('keeps migrators out, and other backups in', async () => {
    await simple()
    await withClient(project.url('alpha'), async (client) => {
      await client.query('SELECT pg_advisory_lock_shared(72707369)')
      await takeBackup(project, '--lock-wait', '0')
      project.revision('alpha', '002_more', 'CREATE TABLE more (id int)')
      expect((await project.db(['migrate', '--lock-wait', '0'])).stderr).toContain('ledger.locked')
      await client.query('SELECT pg_advisory_unlock_all(); SELECT pg_advisory_lock(72707369)')
      expect((await project.db(['backup', '--lock-wait', '0'])).stderr).toContain('ledger.locked')
    })
  })

  test('two at once, in the same second, have a directory each', async () => {
    await simple()
    const [one, two] = await Promise.all([takeBackup(project), takeBackup(project)])
    expect(one).not.toBe(two)
    expect(backups()).toHaveLength(2)
  })

  test('that finds no room says so, and leaves nothing', async () => {
    await simple()
    // The kernel refuses to let a file grow past 8 KiB; without the trap it would end the process instead.
    const script = `trap '' XFSZ; ulimit -f 16; exec "$@"`
    const result = await run(
      '/bin/bash',
      ['-c', script, '-', node, dbCommand, 'backup', '--archive', '--compress', 'none'],
      {
        cwd: project.directory,
        env: project.env,
      },
    )
    expectFailure(result, {
      code: 'backup.not-written',
      exitCode: 2,
      what: 'EFBIG',
      why: 'full',
      fix: '--out',
    })
    expect(backups()).toEqual([])
  })

  test('that is killed never looks whole', async () => {
    await simple()
    await project.query(
      'alpha',
      'INSERT INTO users SELECT i, repeat(md5(i::text), 20) FROM generate_series(1001, 60000) i',
    )
    const folder = join(project.directory, 'backups')
    const { child, result } = project.startDb(['backup', '--archive', '--compress', 'none'])
    while (
      !existsSync(folder) ||
      !readdirSync(folder, { recursive: true }).some((name) => String(name).includes('tables'))
    ) {
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    child.kill('SIGKILL')
    expect((await result).exitCode).toBeUndefined()
    const [left] = backups()
    expect(left).toMatch(/^\.unfinished-/)
    expect((await project.db(['backup', 'list'])).stdout).toContain('unfinished')
    expectFailure(await project.db(['restore', join(folder, left ?? ''), '--yes']), {
      code: 'backup.missing',
      exitCode: 2,
      what: 'is no backup',
      why: 'SHA256SUMS',
      fix: 'pnpm db backup list',
    })
  })

  test('is listed, the newest first', async () => {
    await simple()
    expect((await project.db(['backup', 'list'])).stderr).toContain('There is no backup')
    const one = await takeBackup(project, '--archive')
    const two = await takeBackup(project, '--archive')
    const { stdout } = await project.db(['backup', 'list'])
    // Of two in one second the later has the name of the earlier, and a number behind it.
    const place = (directory: string) => stdout.search(new RegExp(`${directory}(?![\\w-])`))
    expect(place(one)).toBeGreaterThan(-1)
    expect(place(two)).toBeLessThan(place(one))
    expect(stdout).toContain('alpha: 2 tables, 1,001 rows, at 001 (archive)')
    expect(JSON.parse((await project.db(['backup', 'list', '--json'])).stdout).backups).toMatchObject([
      { directory: two, whole: true, databases: [{ database: 'alpha', rows: 1001 }] },
      { directory: one },
    ])
  })

  test('goes where it is told to', async () => {
    await simple()
    expect(await takeBackup(project, '--out', 'here/there')).toContain(join(project.directory, 'here/there'))
    const { stdout } = await project.db(['backup'], { env: { DB_BACKUPS: 'elsewhere' } })
    expect(stdout).toContain(join(project.directory, 'elsewhere'))
  })
})

describe('damage', () => {
  const tableFile = (directory: string) => {
    const [name] = readdirSync(join(directory, 'alpha/tables')).filter((each) => each.includes('users'))
    return join(directory, 'alpha/tables', name ?? '')
  }
  const flip = (path: string) => {
    const bytes = readFileSync(path)
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
    writeFileSync(path, bytes)
  }
  const damages: readonly [string, (directory: string) => void, RegExp][] = [
    ['a bit that has flipped', (directory) => flip(tableFile(directory)), /users\.copy\.zst has changed/],
    [
      'a file that is cut off',
      (directory) => truncateSync(tableFile(directory), 100),
      /users\.copy\.zst has changed/,
    ],
    ['a file that is gone', (directory) => rmSync(tableFile(directory)), /users\.copy\.zst is missing/],
    [
      'a file that is not of it',
      (directory) => writeFileSync(join(directory, 'notes'), ''),
      /notes is no part of it/,
    ],
    [
      'a bit of the manifest',
      (directory) => flip(join(directory, 'alpha/manifest.json')),
      /alpha\/manifest\.json has changed/,
    ],
    [
      'a bit of the checksums',
      (directory) => flip(join(directory, 'SHA256SUMS')),
      /(has changed|is missing|is no part of it|SHA256SUMS)/,
    ],
    [
      'checksums that are cut off',
      (directory) => truncateSync(join(directory, 'SHA256SUMS'), 100),
      /SHA256SUMS is cut off/,
    ],
  ]

  test('is found, and nothing is restored from it', async () => {
    await simple()
    const sound = await takeBackup(project, '--archive')
    expect(await project.db(['backup', 'verify', sound])).toMatchObject({ exitCode: 0 })
    await project.query('alpha', 'DELETE FROM users')
    for (const [name, damage, found] of damages) {
      const directory = join(project.directory, 'damaged')
      cpSync(sound, directory, { recursive: true })
      damage(directory)
      const { stdout, exitCode } = await project.db(['backup', 'verify', directory])
      expect({ name, stdout, exitCode }).toEqual({ name, stdout: expect.stringMatching(found), exitCode: 4 })
      expectFailure(await project.db(['restore', directory, '--yes']), {
        code: 'backup.damaged',
        exitCode: 2,
        what: 'nothing was touched',
        why: found,
        fix: 'pnpm db backup list',
      })
      rmSync(directory, { recursive: true })
    }
    expect(await project.query('alpha', 'SELECT count(*)::int AS count FROM users')).toEqual([{ count: 0 }])
  })

  test('of a manifest that something else has written is found, too', async () => {
    await simple()
    const directory = await takeBackup(project, '--archive')
    const manifest = join(directory, 'alpha/manifest.json')
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('"format": 1', '"format": 99'))
    const { stdout } = await run('sha256sum', ['alpha/manifest.json'], { cwd: directory })
    const sums = join(directory, 'SHA256SUMS')
    writeFileSync(
      sums,
      readFileSync(sums, 'utf8').replace(/^[0-9a-f]{64}(?= {2}alpha\/manifest\.json$)/m, stdout.slice(0, 64)),
    )
    expect((await project.db(['backup', 'verify', directory])).stdout).toContain(
      'is not a description of format 1',
    )
  })
})
