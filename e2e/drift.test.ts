import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { catalogsOf } from './support/catalogs.ts'
import { expectFailure } from './support/failure.ts'
import { makeProject, type Project } from './support/project.ts'
import { dbCommand, node, root, run } from './support/run.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

let tenant: Tenant
let project: Project

const script = `
CREATE TYPE mood AS ENUM ('glad', 'sad');
CREATE DOMAIN short AS text CHECK (length(VALUE) < 9);
CREATE SEQUENCE counter START 5;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.at := now(); RETURN NEW; END $$;
CREATE FUNCTION secret() RETURNS int LANGUAGE sql AS 'SELECT 1';
REVOKE ALL ON FUNCTION secret() FROM PUBLIC;
CREATE TABLE users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  "E-mail" text NOT NULL DEFAULT 'x' CONSTRAINT long_enough CHECK (length("E-mail") > 0),
  mood mood, nick short, at timestamptz DEFAULT now(), twice bigint GENERATED ALWAYS AS (length("E-mail") * 2) STORED
);
CREATE INDEX users_mail ON users (lower("E-mail"));
COMMENT ON INDEX users_mail IS 'for the sign-in';
CREATE TRIGGER users_touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TABLE notes (id serial PRIMARY KEY, user_id bigint REFERENCES users ON DELETE CASCADE, text text);
COMMENT ON COLUMN notes.text IS 'what it says';
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY everybody ON notes USING (text <> 'hidden');
CREATE VIEW glad AS SELECT id FROM users WHERE mood = 'glad';
GRANT SELECT ON glad TO PUBLIC;
CREATE STATISTICS users_together ON mood, nick FROM users;
`

beforeAll(async () => {
  tenant = await makeTenant()
  project = makeProject(tenant, { alpha: { '001_all': script, '002_more': 'CREATE TABLE tags (id int);' } })
  expect((await project.db(['migrate'])).exitCode).toBe(0)
})
afterAll(async () => {
  project.dispose()
  await tenant.dispose()
})

interface Found {
  readonly kind: string
  readonly object: { readonly kind: string; readonly name: string }
}

async function findDrift(...args: readonly string[]) {
  const { stdout, stderr, exitCode } = await project.db(['drift', '--json', ...args])
  expect({ stderr, exitCode: exitCode ?? -1 }).toEqual({ stderr: '', exitCode: expect.any(Number) })
  const { databases }: { databases: { differences: Found[]; repair: { byHand: unknown[] } }[] } =
    JSON.parse(stdout)
  return {
    exitCode,
    differences: databases.flatMap(({ differences }) =>
      differences.map(({ kind, object }) => `${kind} ${object.kind} ${object.name}`),
    ),
    byHand: databases.flatMap(({ repair }) => repair.byHand),
  }
}

const none = { exitCode: 0, differences: [], byHand: [] }

describe('db drift', () => {
  test('finds nothing where the history alone has been at work, and leaves nothing behind', async () => {
    const before = await catalogsOf(project, 'alpha')
    expect(await findDrift()).toEqual(none)
    expect(await project.db(['drift'])).toMatchObject({
      stdout: '✅ alpha: as its history makes it (public)\n',
      exitCode: 0,
    })
    expect(await catalogsOf(project, 'alpha')).toEqual(before)
    const shadows = await tenant.asAdmin(
      `SELECT FROM pg_database WHERE datname LIKE 'prisma_migrate_shadow_db_%' AND pg_get_userbyid(datdba) = '${tenant.role}'`,
    )
    expect(shadows).toEqual([])
  })

  // What somebody does by hand, and the difference that it must come out as. The way back ends without any.
  test.each([
    [
      'a new table',
      'CREATE TABLE extra (id serial PRIMARY KEY, t text DEFAULT now()); CREATE INDEX ON extra (t)',
      'added table public.extra',
    ],
    ['a table dropped', 'DROP TABLE notes', 'removed table public.notes'],
    ['a table dropped that others refer to', 'DROP TABLE users CASCADE', 'removed table public.users'],
    ['a new column', 'ALTER TABLE users ADD extra int NOT NULL DEFAULT 1', 'added column extra'],
    ['a column dropped', 'ALTER TABLE users DROP at', 'removed column at'],
    ['a type', 'ALTER TABLE notes ALTER id TYPE bigint', 'changed column id'],
    ['a default', 'ALTER TABLE users ALTER "E-mail" SET DEFAULT \'y\'', 'changed column "E-mail"'],
    ['a default dropped', 'ALTER TABLE users ALTER at DROP DEFAULT', 'changed column at'],
    ['NOT NULL', 'ALTER TABLE users ALTER "E-mail" DROP NOT NULL', 'changed column "E-mail"'],
    [
      'a check',
      'ALTER TABLE users DROP CONSTRAINT long_enough, ADD CONSTRAINT long_enough CHECK (true)',
      'changed constraint long_enough',
    ],
    [
      'a foreign key',
      'ALTER TABLE notes DROP CONSTRAINT notes_user_id_fkey',
      'removed constraint notes_user_id_fkey',
    ],
    ['an index dropped', 'DROP INDEX users_mail', 'removed index public.users_mail'],
    [
      'an index on something else',
      'DROP INDEX users_mail; CREATE INDEX users_mail ON users ("E-mail"); COMMENT ON INDEX users_mail IS \'for the sign-in\'',
      'changed index public.users_mail',
    ],
    [
      'a function',
      'CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$',
      'changed function public.touch()',
    ],
    [
      'a function’s grants',
      'GRANT EXECUTE ON FUNCTION secret() TO PUBLIC',
      'changed function public.secret()',
    ],
    [
      'a new function',
      "CREATE PROCEDURE extra(a int) LANGUAGE sql AS 'SELECT 1'",
      'added function public.extra(IN a integer)',
    ],
    ['a trigger', 'ALTER TABLE users DISABLE TRIGGER users_touch', 'changed trigger users_touch'],
    [
      'a label',
      "ALTER TYPE mood RENAME TO old; CREATE TYPE mood AS ENUM ('sad'); ALTER TABLE users DROP mood CASCADE; DROP TYPE old; ALTER TABLE users ADD mood mood; CREATE VIEW glad AS SELECT id FROM users WHERE mood = 'sad'; GRANT SELECT ON glad TO PUBLIC; CREATE STATISTICS users_together ON mood, nick FROM users",
      'changed enum public.mood',
    ],
    ['a domain', 'CREATE DOMAIN extra AS int', 'added domain public.extra'],
    ['a view', 'CREATE OR REPLACE VIEW glad AS SELECT id FROM users', 'changed view public.glad'],
    ['a sequence', 'ALTER SEQUENCE counter INCREMENT 7', 'changed sequence public.counter'],
    [
      'a comment',
      "COMMENT ON COLUMN notes.text IS 'something else'",
      'changed comment COLUMN public.notes.text',
    ],
    ['a new comment', "COMMENT ON TABLE notes IS 'new'", 'added comment TABLE public.notes'],
    [
      'grants',
      'GRANT INSERT, SELECT ON notes TO PUBLIC; GRANT UPDATE (text) ON notes TO PUBLIC',
      'changed table public.notes',
    ],
    ['a policy', 'DROP POLICY everybody ON notes', 'removed policy everybody'],
    ['row security', 'ALTER TABLE notes DISABLE ROW LEVEL SECURITY', 'changed table public.notes'],
    ['statistics', 'DROP STATISTICS users_together', 'removed statistics public.users_together'],
    ['an extension', 'CREATE EXTENSION pg_trgm', 'added extension pg_trgm'],
  ])('sees %s, and --sql leads back', async (_, sql, difference) => {
    await project.query('alpha', sql)
    const found = await findDrift()
    expect(found).toEqual({ exitCode: 4, differences: expect.arrayContaining([difference]), byHand: [] })
    const { stdout, exitCode } = await project.db(['drift', '--sql'])
    expect(exitCode).toBe(4)
    // As psql sends it, a statement each: a new label can't be used in the transaction that adds it.
    for (const statement of stdout.split(/;\n(?!.*\$function\$;\n)/)) await project.query('alpha', statement)
    expect({ after: await findDrift(), stdout }).toEqual({ after: none, stdout })
  })
})

describe('what db drift shows', () => {
  let other: Project
  beforeEach(() => {
    other = makeProject(tenant, { alpha: { '001_users': 'CREATE TABLE users (id int, name text);' } })
  })
  afterEach(() => other.dispose())

  test('is a line for each object, with what it is and what it should be', async () => {
    await other.db(['migrate'])
    await other.query(
      'alpha',
      'CREATE TABLE extra (id int PRIMARY KEY); ALTER TABLE users ALTER name SET NOT NULL',
    )
    const { stdout } = await other.db(['drift'])
    expect(stdout).toBe(`\
❌ alpha: 4 differences from what its history makes
  + table public.extra
  ~ column name of public.users
      required in the history:  false
      required in the database: true
`)
  })

  test('leaves out other services and pending revisions, and names what can’t be generated', async () => {
    await other.db(['migrate'])
    other.revision('alpha', '002_more', 'CREATE TABLE more (id int);')
    await other.query('alpha', 'CREATE SCHEMA elsewhere; CREATE TABLE elsewhere.users (id int)')
    expect((await other.db(['drift'])).exitCode).toBe(0)
    await other.query(
      'alpha',
      'ALTER TABLE users ALTER id SET NOT NULL, ALTER id ADD GENERATED ALWAYS AS IDENTITY',
    )
    const { stdout } = await other.db(['drift', '--sql'])
    expect(stdout).toContain('-- By hand: column id of public.users (identity: this change has no statement)')
  })

  test('names objects of kinds that it knows nothing else of', async () => {
    await other.db(['migrate'])
    await other.query(
      'alpha',
      `CREATE COLLATION plain FROM "C"; CREATE FUNCTION first(users) RETURNS int LANGUAGE sql AS 'SELECT $1.id';
       CREATE CAST (users AS int) WITH FUNCTION first(users)`,
    )
    const { stdout, exitCode } = await other.db(['drift', '--sql'])
    expect(exitCode).toBe(4)
    expect(stdout).toContain(
      '-- By hand: collation public.plain (PostgreSQL has no simple way to take it away)',
    )
    expect(stdout).toContain('-- By hand: cast (public.users AS integer) (PostgreSQL')
  })

  test('leaves out a trigger that calls a function of another service', async () => {
    await other.db(['migrate'])
    await other.query(
      'alpha',
      `CREATE SCHEMA guard; CREATE FUNCTION guard.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
       CREATE TRIGGER watched AFTER DELETE ON users EXECUTE FUNCTION guard.f()`,
    )
    expect(await other.db(['drift'])).toMatchObject({ exitCode: 0 })
  })

  test('has a remark on what belongs to another role', async () => {
    await other.db(['migrate'])
    const { role } = await tenant.createRole('')
    await tenant.asAdmin(`ALTER TABLE users OWNER TO ${role}`, other.databaseName('alpha'))
    const { stderr, exitCode } = await other.db(['drift'])
    expect({ stderr, exitCode }).toEqual({
      exitCode: 0,
      stderr: `  1 object of alpha belongs to another role than the history would give it (table public.users to ${role}, not to ${tenant.role}). --owners shows it.\n`,
    })
    expect(await other.db(['drift', '--owners'])).toMatchObject({ exitCode: 4 })
  })

  test('is a failure where the history can’t be applied again', async () => {
    await other.db(['migrate'])
    other.remove('alpha/prisma/migrations/001_users')
    expectFailure(await other.db(['drift']), {
      code: 'plan.missing',
      exitCode: 2,
      what: '001_users is applied to alpha, and isn’t on disk.'.replace('’', "'"),
      why: 'ahead of this checkout',
      fix: 'Check out the version',
    })
  })

  test('is a failure where the role may not create a shadow database', async () => {
    const role = await tenant.createRole('NOCREATEDB')
    await tenant.asAdmin(`CREATE DATABASE ${other.databaseName('alpha')} OWNER ${role.role}`)
    const env = { DATABASE_URL_ALPHA: tenant.url(other.databaseName('alpha'), role) }
    expect((await other.db(['migrate'], { env })).exitCode).toBe(0)
    expectFailure(await other.db(['drift'], { env }), {
      code: 'shadow.forbidden',
      exitCode: 2,
      what: 'may not create a shadow database',
      why: 'is found out in an empty database',
      fix: 'CREATEDB',
    })
  })

  test('is nothing for the histories of this repository', async () => {
    const { env } = makeProject(tenant, { socrates_auth: {}, socrates_specs: {} })
    const urls = {
      DATABASE_URL_AUTH: env.DATABASE_URL_SOCRATES_AUTH ?? '',
      DATABASE_URL_SPECS: env.DATABASE_URL_SOCRATES_SPECS ?? '',
    }
    const db = (...args: readonly string[]) => run(node, [dbCommand, ...args], { cwd: root, env: urls })
    expect((await db('migrate', '--no-generate')).exitCode).toBe(0)
    const { stdout, exitCode } = await db('drift')
    expect({ stdout, exitCode }).toEqual({ stdout, exitCode: 0 })
  })
})
