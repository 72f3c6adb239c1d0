import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { expectFailure } from './support/failure.ts'
import { type Arranged, makeArranged } from './support/roles.ts'

/** Who administers it is no superuser, and owns no more than the databases. */
let place: Arranged

beforeAll(async () => {
  place = await makeArranged()
})
afterAll(() => place.dispose())

const asTheCatalogSays = {
  stdout: '✅ socrates_auth: as the catalog says\n✅ socrates_specs: as the catalog says\n',
  stderr: '',
  exitCode: 0,
}

describe('db roles, on a server where nothing is yet', () => {
  test('says so, and makes nothing', async () => {
    const absent = "doesn't exist; --apply creates it"
    expect(await place.db('administrator', 'roles')).toEqual({
      stdout: `❌ socrates_auth: ${absent}\n❌ socrates_specs: ${absent}\n`,
      stderr: '',
      exitCode: 4,
    })
  })

  test('refuses passwords that it could not set', async () => {
    writeFileSync(join(place.directory, 'bad.txt'), `# ours\n${place.roles.migrator}=pass word\n`)
    expectFailure(await place.db('administrator', 'roles', '--apply', '--passwords', 'bad.txt'), {
      code: 'roles.passwords-unusable',
      exitCode: 2,
      what: "bad.txt can't be used for passwords: line 2 has an empty password",
      why: 'role=password',
      fix: '--generate-passwords',
    })
    expectFailure(await place.db('administrator', 'roles', '--passwords', 'bad.txt'), {
      code: 'roles.passwords-unneeded',
      exitCode: 2,
      what: 'nothing is to be changed',
      why: 'without them',
      fix: '--apply',
    })
  })

  test('makes databases and roles, whose passwords only a file has', async () => {
    const made = await place.db('administrator', 'roles', '--apply', '--generate-passwords', 'roles.txt')
    expect(made).toMatchObject({ stderr: '', exitCode: 0 })
    expect(made.stdout).toContain(`CREATE ROLE "${place.roles.migrator}" NOLOGIN`)
    expect(made.stdout).toContain(`ALTER ROLE "${place.roles.sweeper}" LOGIN PASSWORD '…'`)
    place.readPasswords('roles.txt')
    const kept = await place.tenant.asAdmin(
      `SELECT rolpassword AS kept FROM pg_authid WHERE rolname LIKE '${place.tenant.role}\\_%\\_%r' OR rolname = '${place.roles.application}'`,
    )
    for (const { kept: verifier } of kept) expect(verifier).toMatch(/^SCRAM-SHA-256\$4096:/)
    expect(await place.db('administrator', 'roles')).toEqual(asTheCatalogSays)
  })

  test('overwrites no file with passwords', async () => {
    expectFailure(await place.db('administrator', 'roles', '--apply', '--generate-passwords', 'roles.txt'), {
      code: 'roles.passwords-unusable',
      exitCode: 2,
      what: 'it exists already',
      why: 'role=password',
      fix: 'Mend the file',
    })
  })
})

describe('after the roles are made', () => {
  beforeAll(async () => {
    expect(await place.db('migrator', 'migrate', '--no-create', '--no-generate', '--no-log')).toMatchObject({
      exitCode: 0,
    })
  })

  test('the migrator migrates from empty, and its tables come with the rights that they need', async () => {
    expect(await place.db('administrator', 'roles')).toEqual(asTheCatalogSays)
    expect(await place.db('migrator', 'migrate', '--check-status', '--no-log')).toMatchObject({ exitCode: 0 })
  })

  test('nobody else can connect', async () => {
    const stranger = await place.tenant.createRole('')
    await expect(place.tenant.asAdmin('SELECT 1', place.databases.auth)).resolves.toHaveLength(1)
    const [row] = await place.tenant.asAdmin(
      `SELECT has_database_privilege('${stranger.role}', '${place.databases.auth}', 'CONNECT') AS may`,
    )
    expect(row).toEqual({ may: false })
  })

  test('the administrator has kept nothing of the migrator but the right to grant it', async () => {
    const rows = await place.tenant.asAdmin(
      `SELECT to_jsonb(m) ->> 'inherit_option' AS inherits, to_jsonb(m) ->> 'set_option' AS may_become
         FROM pg_auth_members m WHERE m.roleid = '${place.roles.migrator}'::regrole`,
    )
    for (const row of rows) expect(row).toEqual({ inherits: 'false', may_become: 'false' })
  })

  test('what somebody has done by hand is found, and taken back', async () => {
    const { application, sweeper, migrator } = place.roles
    await place.query(
      'migrator',
      'specs',
      `GRANT TRUNCATE ON projects TO ${application}; GRANT USAGE ON SCHEMA integrity TO ${application};
       GRANT SELECT ON projects TO ${sweeper}; REVOKE DELETE ON sessions FROM ${application};
       GRANT EXECUTE ON FUNCTION integrity.verify_receipts TO PUBLIC; GRANT SELECT ON invoices TO PUBLIC;
       GRANT INSERT ON _prisma_migrations TO ${application};
       ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO ${sweeper}`,
    )
    await place.tenant.asAdmin(`ALTER ROLE ${application} CREATEDB; GRANT ${migrator} TO ${application}`)
    const { stdout, exitCode } = await place.db('administrator', 'roles', '--only', 'specs', '--json')
    expect(exitCode).toBe(4)
    const [found] = JSON.parse(stdout).databases
    expect(found).toMatchObject({
      databases: ['socrates_specs'],
      exists: true,
      beyond: [`ALTER ROLE "${application}" NOCREATEDB`, `REVOKE "${migrator}" FROM "${application}"`],
      withoutLogin: [],
    })
    expect(found.statements.filter((each: string) => !each.includes('CURRENT_USER')).sort()).toEqual(
      [
        `ALTER DEFAULT PRIVILEGES FOR ROLE "${migrator}" IN SCHEMA "public" REVOKE SELECT ON TABLES FROM "${sweeper}"`,
        `GRANT DELETE ON TABLE public.sessions TO "${application}"`,
        `GRANT SELECT ("user_id", "ctid", "tableoid") ON TABLE public.projects TO "${sweeper}"`,
        `REVOKE EXECUTE ON ROUTINE integrity.verify_receipts(source text, OUT number bigint, OUT problem text) FROM PUBLIC`,
        `REVOKE INSERT ON TABLE public._prisma_migrations FROM "${application}"`,
        `REVOKE SELECT ON TABLE public.invoices FROM PUBLIC`,
        `REVOKE SELECT ON TABLE public.projects FROM "${sweeper}"`,
        `REVOKE TRUNCATE ON TABLE public.projects FROM "${application}"`,
        `REVOKE USAGE ON SCHEMA integrity FROM "${application}"`,
      ].sort(),
    )
    expect(await place.db('administrator', 'roles', '--apply')).toMatchObject({ exitCode: 4 })
    await place.tenant.asAdmin(`ALTER ROLE ${application} NOCREATEDB; REVOKE ${migrator} FROM ${application}`)
    expect(await place.db('administrator', 'roles')).toEqual(asTheCatalogSays)
  })
})
