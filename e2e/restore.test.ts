import { hash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { appliedBackfill, byCursor } from './support/backfill.ts'
import { rowsOf, takeBackup } from './support/backups.ts'
import { expectFailure } from './support/failure.ts'
import { makeProject, type Project, variableOf } from './support/project.ts'
import { makeTenant, type Tenant, withClient } from './support/tenant.ts'

let tenant: Tenant
let project: Project

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
beforeEach(async () => {
  project = makeProject(tenant, {
    alpha: { '001_users': 'CREATE TABLE users (id uuid PRIMARY KEY, name text)' },
    beta: { '002_notes': 'CREATE TABLE notes (id int PRIMARY KEY, user_id uuid)' },
  })
  project.write(
    'alpha/prisma/schema.prisma',
    `datasource db {\n  provider = "postgresql"\n}\nmodel User {\n  id   String  @id @db.Uuid\n  name String?\n  @@map("users")\n}\n`,
  )
  project.write(
    'beta/prisma/schema.prisma',
    `datasource db {\n  provider = "postgresql"\n}\nmodel Note {\n  id Int @id\n  /// @reference(alpha.users.id, onDelete: Cascade)\n  userId String? @map("user_id") @db.Uuid\n  @@map("notes")\n}\n`,
  )
  expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0 })
  await project.query('alpha', `INSERT INTO users SELECT gen_random_uuid(), i FROM generate_series(1, 100) i`)
})
afterEach(() => project.dispose())

/** The databases of the project on the server, without its prefix. */
const databases = async () =>
  (await tenant.asAdmin('SELECT datname FROM pg_database ORDER BY 1'))
    .map(({ datname }) => String(datname))
    .filter((name) => name.startsWith(project.databaseName('alpha')))

const users = async () => (await project.query('alpha', 'SELECT count(*)::int AS count FROM users'))[0]?.count

describe('a restore', () => {
  test('says what it replaces, and takes a --yes where nobody can answer', async () => {
    const directory = await takeBackup(project, '--archive')
    await project.query('alpha', "DELETE FROM users WHERE name < '5'")
    const left = await users()
    expectFailure(await project.db(['restore', directory, '--only', 'alpha']), {
      code: 'answer.missing',
      exitCode: 2,
      what: new RegExp(
        `Replace ${project.databaseName('alpha')} on \\S+ \\(at 001, ${Number(left) + 1} rows\\) by alpha of \\S+, \\d+ seconds? ago \\(2 tables, 101 rows, at 001 \\(archive\\)\\)`,
      ),
      why: 'loses data',
      fix: '--yes',
    })
    expect(await users()).toBe(left)
    expect(await databases()).toEqual([project.databaseName('alpha')])
  })

  test('keeps the old database, or not', async () => {
    const directory = await takeBackup(project, '--archive')
    await project.query('alpha', 'DELETE FROM users')
    const { stdout } = await project.db(['restore', directory, '--yes', '--json', '--only', 'alpha'])
    const { databases: restored } = JSON.parse(stdout)
    expect(restored).toMatchObject([
      {
        database: 'alpha',
        name: project.databaseName('alpha'),
        kept: expect.stringMatching(new RegExp(`^${project.databaseName('alpha')}_before_restore_\\d{14}$`)),
        kind: 'archive',
        rows: 101,
      },
    ])
    expect(await users()).toBe(100)
    const [{ kept }] = restored
    expect(await databases()).toEqual([project.databaseName('alpha'), kept])
    const dropped = await project.db(['restore', directory, '--yes', '--drop-old', '--only', 'alpha'])
    expect(dropped).toEqual({ ...dropped, exitCode: 0 })
    expect(await databases()).toEqual([project.databaseName('alpha'), kept])
  })

  test('goes beside, and replaces nothing, with --into', async () => {
    const directory = await takeBackup(project, '--archive')
    await project.query('alpha', 'DELETE FROM users')
    const into = `${project.databaseName('alpha')}_beside`
    const restore = () => project.db(['restore', directory, '--only', 'alpha', '--into', into])
    expect(await restore()).toMatchObject({ exitCode: 0 })
    expect(await users()).toBe(0)
    expect(await databases()).toEqual([project.databaseName('alpha'), into])
    expectFailure(await restore(), {
      code: 'restore.name-taken',
      exitCode: 2,
      what: into,
      why: 'nothing is replaced',
      fix: 'another name',
    })
    expect((await project.db(['restore', directory, '--into', 'x'])).stderr).toContain('restore.into-several')
  })

  test('makes a database that is gone', async () => {
    const directory = await takeBackup(project, '--archive')
    const before = await rowsOf(project, 'alpha')
    await tenant.asAdmin(`DROP DATABASE ${project.databaseName('alpha')}`)
    expect(await project.db(['restore', directory, '--yes'])).toMatchObject({ exitCode: 0 })
    expect(await rowsOf(project, 'alpha')).toEqual(before)
    expect(await databases()).toEqual([project.databaseName('alpha')])
  })

  test('brings back a database that was never migrated', async () => {
    await tenant.asAdmin(`DROP DATABASE ${project.databaseName('alpha')}`)
    await tenant.createDatabase(project.databaseName('alpha'))
    const directory = await takeBackup(project, '--archive', '--only', 'alpha')
    expect(await project.db(['migrate', '--only', 'alpha'])).toMatchObject({ exitCode: 0 })
    expect(await project.db(['restore', directory, '--yes'])).toMatchObject({ exitCode: 0 })
    expect(await rowsOf(project, 'alpha')).toEqual({})
  })

  test('brings back how far a data migration was', async () => {
    const { count, status, ...other } = await appliedBackfill(tenant, 300, byCursor)
    try {
      expect(await other.db(['data', 'run', '--batch-size', '100'])).toMatchObject({ exitCode: 0 })
      const before = await status()
      const directory = await takeBackup(other, '--archive')
      await other.query('alpha', 'DROP SCHEMA migrator CASCADE; UPDATE users SET hits = 0')
      expect(await other.db(['restore', directory, '--yes'])).toMatchObject({ exitCode: 0 })
      expect(await status()).toEqual(before)
      expect(await count('hits = 1')).toBe(300)
    } finally {
      other.dispose()
    }
  })

  test('keeps what was said of the database as a whole', async () => {
    const name = project.databaseName('alpha')
    const reader = await tenant.createRole('')
    await tenant.asAdmin(
      `COMMENT ON DATABASE ${name} IS 'the users'; ALTER DATABASE ${name} SET work_mem = '7MB';
       ALTER DATABASE ${name} SET search_path = public, "Other"; ALTER DATABASE ${name} CONNECTION LIMIT 55;
       REVOKE CONNECT ON DATABASE ${name} FROM PUBLIC; GRANT CONNECT ON DATABASE ${name} TO ${reader.role}`,
    )
    const properties = () =>
      tenant.asAdmin(
        `SELECT shobj_description(oid, 'pg_database') AS comment, datconnlimit, datcollate, datctype, encoding,
                pg_get_userbyid(datdba) AS owner,
                (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(datacl) a) AS grants,
                (SELECT setconfig FROM pg_db_role_setting WHERE setdatabase = d.oid) AS settings
           FROM pg_database d WHERE datname = '${name}'`,
      )
    const before = await properties()
    const directory = await takeBackup(project, '--archive')
    expect(await project.db(['restore', directory, '--yes', '--only', 'alpha'])).toMatchObject({
      exitCode: 0,
    })
    expect(await properties()).toEqual(before)
  })

  test('says what it means for references when only one database goes back', async () => {
    const directory = await takeBackup(project, '--archive')
    const one = await project.db(['restore', directory, '--yes', '--only', 'alpha'])
    expect(one.stderr).toContain('Only alpha goes back, and 1 column of beta (notes.user_id) name its users.')
    expect(one.stderr).toContain('deleted since the backup are there again')
    const other = await project.db(['restore', directory, '--yes', '--only', 'beta', '--json'])
    expect(JSON.parse(other.stdout).references).toEqual([
      {
        referenced: 'alpha',
        table: 'users',
        referencing: 'beta',
        columns: ['notes.user_id'],
        restored: 'referencing',
      },
    ])
    const both = await project.db(['restore', directory, '--yes'])
    expect(both.stderr).not.toContain('goes back')
  })
})

describe('a restore is refused', () => {
  test('while others use what it would replace, unless they are ended', async () => {
    const directory = await takeBackup(project, '--archive')
    await project.query('alpha', 'DELETE FROM users')
    await withClient(project.url('alpha'), async (client) => {
      await client.query(`SET application_name = 'the application'`)
      expectFailure(await project.db(['restore', directory, '--yes']), {
        code: 'restore.in-use',
        exitCode: 2,
        what: `${project.databaseName('alpha')} is in use`,
        why: /process \d+, the application of /,
        fix: '--force',
      })
      expect(await databases()).toEqual([project.databaseName('alpha')])
      expect(await project.db(['restore', directory, '--yes', '--force'])).toMatchObject({ exitCode: 0 })
      await expect(client.query('SELECT')).rejects.toThrow()
    })
    expect(await users()).toBe(100)
  })

  test('when somebody keeps coming back, in the moment of the exchange', async () => {
    const directory = await takeBackup(project, '--archive')
    await project.query('alpha', 'DELETE FROM users')
    const running = project.startDb(['restore', directory, '--yes'])
    let ended = false
    const watched = running.result.finally(() => {
      ended = true
    })
    while (!ended && (await databases()).length < 2) await sleep(5)
    await withClient(project.url('alpha'), async () => {
      const result = await watched
      expectFailure(result, {
        code: 'restore.in-use',
        exitCode: 2,
        what: 'in use',
        why: 'process',
        fix: '--force',
      })
    })
    expect(await databases()).toEqual([project.databaseName('alpha')])
    expect(await users()).toBe(0)
  })

  test('when the history on disk is not the one of the backup', async () => {
    project.revision('alpha', '003_more', 'CREATE TABLE more (id int)')
    expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0 })
    const directory = await takeBackup(project, '--archive')
    project.remove('alpha/prisma/migrations/003_more')
    project.revision('alpha', '001_users', 'CREATE TABLE users (id uuid PRIMARY KEY, name text, other text)')
    expectFailure(await project.db(['restore', directory, '--yes']), {
      code: 'restore.history-differs',
      exitCode: 2,
      what: 'alpha',
      why: /The script of 001_users has changed since\.\s+003_more isn't on disk\./,
      fix: 'Check out',
    })
    expect(await users()).toBe(100)
  })

  test('when the catalog has not the databases of the backup', async () => {
    const directory = await takeBackup(project, '--archive', '--only', 'alpha')
    expectFailure(await project.db(['restore', directory, '--yes', '--only', 'beta']), {
      code: 'restore.not-in-backup',
      exitCode: 2,
      what: 'beta',
      why: 'has alpha',
      fix: '--only',
    })
  })

  test('to a role that may not', async () => {
    const directory = await takeBackup(project, '--archive')
    const cases = [
      { options: '', why: 'may not create databases' },
      { options: 'CREATEDB', why: 'does not own the database' },
    ]
    for (const { options, why } of cases) {
      const role = await tenant.createRole(options)
      const env = { [variableOf('alpha')]: tenant.url(project.databaseName('alpha'), role) }
      expectFailure(await project.db(['restore', directory, '--yes', '--only', 'alpha'], { env }), {
        code: 'restore.forbidden',
        exitCode: 2,
        what: why,
        why: 'CREATEDB',
        fix: 'owns the database',
      })
    }
    expect(await databases()).toEqual([project.databaseName('alpha')])

    const other = await tenant.createRole('CREATEDB')
    const env = { [variableOf('alpha')]: tenant.url(project.databaseName('alpha'), other) }
    const into = `${project.databaseName('alpha')}_of_another`
    const beside = await project.db(['restore', directory, '--only', 'alpha', '--into', into], { env })
    expect(beside).toMatchObject({ exitCode: 0 })
    await tenant.asAdmin(`DROP DATABASE ${into}`)
  })

  test('while another restore of the same database is under way', async () => {
    const directory = await takeBackup(project, '--archive')
    await withClient(tenant.adminUrl('postgres'), async (client) => {
      await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [
        `manybase restore of ${project.databaseName('alpha')}`,
      ])
      expectFailure(await project.db(['restore', directory, '--yes']), {
        code: 'restore.under-way',
        exitCode: 2,
        what: 'another process',
        why: 'Two restores',
        fix: 'Wait',
      })
    })
  })

  test('when the rows that arrive are not those that were saved', async () => {
    const directory = await takeBackup(project, '--archive', '--only', 'alpha')
    const manifest = join(directory, 'alpha/manifest.json')
    falsify(directory, manifest, /"digest": "[0-9a-f]{64}"/g, `"digest": "${'0'.repeat(64)}"`)
    expectFailure(await project.db(['restore', directory, '--yes']), {
      code: 'restore.unverified',
      exitCode: 2,
      what: 'the old one is as it was',
      why: '"public"."users" has other rows than were saved',
      fix: 'version, locale',
    })
    expect(await databases()).toEqual([project.databaseName('alpha')])
  })

  test('when PostgreSQL refuses the rows', async () => {
    const directory = await takeBackup(project, '--archive', '--only', 'alpha')
    const manifest = join(directory, 'alpha/manifest.json')
    falsify(directory, manifest, /"name"\n/, '"nick"\n')
    expectFailure(await project.db(['restore', directory, '--yes']), {
      code: 'restore.load-failed',
      exitCode: 2,
      what: /Table "public"\."users" of alpha.*"nick"/,
      why: 'dropped again',
      fix: 'restore again',
    })
    expect(await databases()).toEqual([project.databaseName('alpha')])
  })
})

describe('kill -9', () => {
  test('at any point of a restore leaves the old database or the restored one, and the next run cleans up', async () => {
    await project.query(
      'alpha',
      `INSERT INTO users SELECT gen_random_uuid(), repeat(md5(i::text), 9) FROM generate_series(1, 20000) i`,
    )
    const directory = await takeBackup(project, '--archive', '--only', 'alpha')
    const args = ['restore', directory, '--yes', '--drop-old']
    const begun = performance.now()
    expect(await project.db(args)).toMatchObject({ exitCode: 0 })
    const whole = performance.now() - begun
    let killed = 0
    for (let round = 0; round < 6; round++) {
      await project.query('alpha', 'DELETE FROM users')
      const { child, result } = project.startDb(args)
      const timer = setTimeout(() => child.kill('SIGKILL'), whole * (0.3 + round * 0.11))
      const { exitCode } = await result
      clearTimeout(timer)
      if (exitCode === undefined) killed += 1
      expect([0, 20_100]).toContain(await users())
      for (let again = await project.db(args); again.exitCode !== 0; again = await project.db(args)) {
        // The server takes a moment to notice that the killed one is gone.
        expect(again.stderr).toMatch(/restore\.(under-way|in-use)/)
        await sleep(50)
      }
      expect(await users()).toBe(20_100)
      const left = (await databases()).filter((name) => /_restore_\d{14}$/.test(name))
      expect(left.filter((name) => !name.includes('_before_restore_'))).toEqual([])
    }
    expect(killed).toBeGreaterThan(2)
  })
})

/** Changes a backup so that its checksums agree with it. */
function falsify(directory: string, path: string, pattern: RegExp, text: string): void {
  const before = readFileSync(path, 'utf8')
  const after = before.replace(pattern, text)
  expect(after).not.toBe(before)
  writeFileSync(path, after)
  const sums = join(directory, 'SHA256SUMS')
  writeFileSync(sums, readFileSync(sums, 'utf8').replace(hash('sha256', before), hash('sha256', after)))
}
