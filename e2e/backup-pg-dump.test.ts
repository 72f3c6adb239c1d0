import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { startTestServer, type TestRun } from '@manybase/local-postgres/testing'
import { rowsOf, takeBackup } from './support/backups.ts'
import { catalogsOf } from './support/catalogs.ts'
import { expectFailure } from './support/failure.ts'
import { makeProject, type Project } from './support/project.ts'
import { root, run } from './support/run.ts'
import { makeTenant, type Tenant, withClient } from './support/tenant.ts'

let server: TestRun
let tenant: Tenant
let project: Project

/** A server that the machine's own pg_dump can read, whatever the other tests run on. */
beforeAll(async () => {
  const { stdout } = await run('pg_dump', ['--version'], { cwd: root })
  const major = /\(PostgreSQL\) (\d+)/.exec(stdout)?.[1]
  server = await startTestServer({ ...process.env, TEST_POSTGRES: `embedded:${major}` })
  tenant = await makeTenant(server.server)
})
afterAll(async () => {
  await tenant.dispose()
  await server.stop()
})
afterEach(() => project.dispose())

const migrated = async (script: string) => {
  project = makeProject(tenant, { alpha: { '001_users': script } })
  expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0 })
}

const users = `
CREATE TABLE users (id int PRIMARY KEY GENERATED ALWAYS AS IDENTITY, name text, updated_at timestamptz DEFAULT now());
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at := now(); RETURN NEW; END $$;
CREATE TRIGGER touch BEFORE INSERT OR UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch();`

describe('where a pg_dump fits', () => {
  test('it writes the backup, and pg_restore brings it back, also what no history makes', async () => {
    await migrated(users)
    await project.query(
      'alpha',
      `INSERT INTO users (name) SELECT 'u' || i FROM generate_series(1, 500) i;
       ALTER TABLE users ADD by_hand int DEFAULT 7; CREATE MATERIALIZED VIEW names AS SELECT name FROM users;
       SELECT lo_from_bytea(0, 'large')`,
    )
    const before = { rows: await rowsOf(project, 'alpha'), catalogs: await catalogsOf(project, 'alpha') }
    const directory = await takeBackup(project)
    const verified = await project.db(['backup', 'verify', directory])
    expect(verified.stdout).toBe('✅ alpha: 2 tables, 501 rows, at 001 (pg_dump)\n')
    await project.query('alpha', 'DELETE FROM users; DROP MATERIALIZED VIEW names')
    expect(await project.db(['restore', directory, '--yes'])).toMatchObject({ exitCode: 0 })
    expect(await rowsOf(project, 'alpha')).toEqual(before.rows)
    expect(await catalogsOf(project, 'alpha')).toEqual(before.catalogs)
    expect((await project.prisma('alpha', ['migrate', 'status'])).stdout).toContain('up to date')
  })

  test('it is told the password by its environment, which only its user can see', async () => {
    await migrated(users)
    await withClient(project.url('alpha'), async (client) => {
      await client.query('BEGIN; LOCK TABLE users')
      const { result } = project.startDb(['backup', '--pg-dump'])
      let seen = ''
      while (!seen.includes('pg_dump')) {
        await sleep(20)
        const { stdout } = await run('ps', ['-axo', 'args'], { cwd: root })
        seen = stdout
          .split('\n')
          .filter((line) => line.includes('--snapshot='))
          .join('\n')
      }
      expect(seen).toContain(`--dbname=postgresql://${tenant.role}@`)
      await client.query('COMMIT')
      expect(await result).toMatchObject({ exitCode: 0 })
    })
  })

  test('what it says when it fails is passed on', async () => {
    await migrated(
      `${users} ALTER TABLE users ENABLE ROW LEVEL SECURITY; ALTER TABLE users FORCE ROW LEVEL SECURITY`,
    )
    expectFailure(await project.db(['backup']), {
      code: 'backup.tool-failed',
      exitCode: 2,
      what: /pg_dump \(PostgreSQL\) .* failed on alpha/,
      why: 'row-level security',
      fix: 'run the command again',
    })
  })
})

/** Newer than any pg_dump of the machine: only then is there something to refuse. */
const newest = '18'

describe('where no pg_dump fits', () => {
  test('--pg-dump is refused, and names what there is; without it an archive is made', async () => {
    const newer = await startTestServer({ ...process.env, TEST_POSTGRES: `embedded:${newest}` })
    const other = await makeTenant(newer.server)
    try {
      project = makeProject(other, { alpha: { '001_users': users } })
      expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0 })
      expectFailure(await project.db(['backup', '--pg-dump']), {
        code: 'backup.no-tool',
        exitCode: 2,
        what: `PostgreSQL ${newest}`,
        why: /Found: .*pg_dump \(\d+\)/,
        fix: '--archive',
      })
      const directory = await takeBackup(project)
      expect((await project.db(['backup', 'verify', directory])).stdout).toContain('(archive)')
    } finally {
      await other.dispose()
      await newer.stop()
    }
  })
})
