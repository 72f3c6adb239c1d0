import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { catalog, makeGuardedProject } from './support/guarded.ts'
import type { Project } from './support/project.ts'
import { expectPsql, runInPsql } from './support/psql.ts'
import { makeTenant, query, type Tenant } from './support/tenant.ts'

/** The administrator has migrated until now, owns everything, and is no superuser. */
let tenant: Tenant
let project: Project
let roles: { readonly migrator: string; readonly application: string; readonly sweeper: string }
const password = 'a0b1c2d3e4f5a6b7c8'

beforeAll(async () => {
  expectPsql()
  tenant = await makeTenant()
  await tenant.asAdmin(
    `ALTER ROLE ${tenant.role} CREATEROLE; REVOKE pg_read_all_stats FROM ${tenant.role};
     GRANT pg_read_all_stats TO ${tenant.role} WITH ADMIN OPTION`,
  )
  roles = {
    migrator: `${tenant.role}_migrator`,
    application: `${tenant.role}_api`,
    sweeper: `${tenant.role}_sweeper`,
  }
  project = makeGuardedProject(tenant)
  project.revision(
    'auth',
    '001_users',
    `CREATE TYPE mood AS ENUM ('calm'); CREATE DOMAIN name AS text; CREATE SEQUENCE numbers;
     CREATE TABLE users (id uuid PRIMARY KEY, name text, number serial, mood mood DEFAULT 'calm');
     CREATE VIEW names AS SELECT name FROM users; CREATE STATISTICS moods ON name, mood FROM users;
     CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1';
     CREATE EXTENSION pg_trgm`,
  )
  project.write(
    'databases.config.ts',
    catalog('referenceIntegrity()').replace(
      '  databases:',
      `  roles: ${JSON.stringify(roles)},\n  databases:`,
    ),
  )
  expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0 })
})
afterAll(async () => {
  project.dispose()
  await tenant.dispose()
})

const as = (role: keyof typeof roles, database: string) =>
  tenant.url(project.databaseName(database), { role: roles[role], password })
const environmentOf = (role: keyof typeof roles) => ({
  env: { DATABASE_URL_AUTH: as(role, 'auth'), DATABASE_URL_SPECS: as(role, 'specs') },
})

test('a script for psql makes the roles, hands over what there is, and leaves nothing to do', async () => {
  project.write(
    'passwords.txt',
    Object.values(roles)
      .map((role) => `${role}=${password}\n`)
      .join(''),
  )
  const script = await project.db(['roles', '--sql', '--passwords', 'passwords.txt'])
  expect(script).toMatchObject({ stderr: expect.stringContaining('without LOGIN'), exitCode: 0 })
  expect(script.stdout).not.toContain(password)
  expect(await runInPsql(project, 'auth', script.stdout)).toMatchObject({ stderr: '', exitCode: 0 })
  const { stdout, exitCode } = await project.db(['roles'])
  expect({ stdout, exitCode }).toEqual({
    stdout: '✅ auth: as the catalog says\n✅ specs: as the catalog says\n',
    exitCode: 0,
  })
  const others = await project.query(
    'auth',
    `SELECT format('%s', c.oid::regclass) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname IN ('public', 'integrity') AND c.relowner <> '${roles.migrator}'::regrole`,
  )
  expect(others).toEqual([])
})

test('the migrator goes on where the administrator has stopped', async () => {
  const first = await project.db(['migrate', '--no-create'], environmentOf('migrator'))
  expect(first).toMatchObject({ exitCode: 0 })
  const status = await project.db(['migrate', '--check-status'], environmentOf('migrator'))
  expect(status).toMatchObject({ exitCode: 0 })
  expect(await project.db(['integrity', 'status'], environmentOf('sweeper'))).toMatchObject({ exitCode: 0 })
  expect(await project.db(['migrate', '--no-create'], environmentOf('migrator'))).toMatchObject({
    stderr: expect.stringContaining('Nothing to do'),
    exitCode: 0,
  })
})

test('a later migration gives its tables their rights, whoever of the two tools runs it', async () => {
  const note = '/// @reference(auth.users.id, onDelete: Cascade)\n'
  project.revision('specs', '003_later', 'CREATE TABLE later (id serial PRIMARY KEY, user_id uuid);')
  const schema = `datasource db {\n  provider = "postgresql"\n}
model Project {
  id     Int    @id
  ${note}  userId String @map("user_id") @db.Uuid
  @@map("projects")
}
model Note {
  id     Int     @id
  /// @reference(auth.users.id, onDelete: SetNull)
  userId String? @map("user_id") @db.Uuid
  @@map("notes")
}
model Later {
  id     Int     @id @default(autoincrement())
  ${note}  userId String? @map("user_id") @db.Uuid
  @@map("later")
}
`
  project.write('specs/prisma/schema.prisma', schema)
  expect(await project.db(['migrate', '--no-create'], environmentOf('migrator'))).toMatchObject({
    exitCode: 0,
  })
  await query(as('application', 'specs'), 'INSERT INTO later DEFAULT VALUES; DELETE FROM later')
  await query(as('sweeper', 'specs'), 'SELECT user_id FROM later')
  expect(await project.db(['roles'])).toMatchObject({ exitCode: 0 })

  project.revision('specs', '004_latest', 'CREATE TABLE latest (id serial PRIMARY KEY);')
  const deployed = await project.prisma('specs', ['migrate', 'deploy'], environmentOf('migrator'))
  expect(deployed).toMatchObject({ exitCode: 0 })
  await query(as('application', 'specs'), 'INSERT INTO latest DEFAULT VALUES; DELETE FROM latest')
  expect(await project.prisma('specs', ['migrate', 'status'], environmentOf('migrator'))).toMatchObject({
    exitCode: 0,
  })
  expect(await project.db(['roles'])).toMatchObject({ exitCode: 0 })
})

test('the rights of these roles are no drift, and a migrator may make shadow databases', async () => {
  await tenant.asAdmin(`ALTER ROLE ${roles.migrator} CREATEDB`)
  expect(await project.db(['drift'], environmentOf('migrator'))).toMatchObject({
    stdout: expect.stringContaining('✅ specs: as its history makes it'),
    exitCode: 0,
  })
  expect(await project.db(['roles'])).toMatchObject({ exitCode: 0 })
})

test('integrity status finds a right that the sweeper lost', async () => {
  await query(as('migrator', 'specs'), `REVOKE DELETE ON later FROM ${roles.sweeper}`)
  const found = await project.db(['integrity', 'status', '--json'], environmentOf('sweeper'))
  expect(found.exitCode).toBe(4)
  expect(JSON.parse(found.stdout).findings).toEqual([
    expect.objectContaining({
      kind: 'integrity.rights',
      database: 'specs',
      what: expect.stringContaining(`GRANT DELETE ON TABLE public.later TO "${roles.sweeper}"`),
      fix: expect.stringContaining('pnpm db roles --apply'),
    }),
  ])
  expect(await project.db(['roles', '--apply', '--only', 'specs'])).toMatchObject({ exitCode: 0 })
  expect(await project.db(['integrity', 'status'], environmentOf('sweeper'))).toMatchObject({ exitCode: 0 })
})
