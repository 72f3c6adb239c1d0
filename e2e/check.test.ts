import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { expectFailure } from './support/failure.ts'
import { makeProject, type Project } from './support/project.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

let tenant: Tenant
let project: Project

const schema = (fields: string) => `datasource db {
  provider = "postgresql"
}

model users {
  id Int @id
${fields}}
`

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
beforeEach(() => {
  project = makeProject(tenant, {
    alpha: { '001_users': 'CREATE TABLE users (id int PRIMARY KEY);' },
    beta: { '002_users': 'CREATE TABLE users (id int PRIMARY KEY);' },
  })
  for (const database of ['alpha', 'beta']) project.write(`${database}/prisma/schema.prisma`, schema(''))
})
afterEach(() => project.dispose())

describe('db check', () => {
  test('finds what is pending, without making a database', async () => {
    const { stdout, exitCode } = await project.db(['check'])
    expect({ stdout, exitCode }).toEqual({
      exitCode: 4,
      stdout: `\
❌ alpha: base (1 behind 001)
   pending  001_users
❌ beta: base (1 behind 002)
   pending  002_users
`,
    })
    const databases = await tenant.asAdmin(
      `SELECT FROM pg_database WHERE datname IN ('${project.databaseName('alpha')}', '${project.databaseName('beta')}')
          OR datname LIKE 'prisma_migrate_shadow_db_%' AND pg_get_userbyid(datdba) = '${tenant.role}'`,
    )
    expect(databases).toEqual([])
  })

  test('finds nothing at head, and then what the schema has changed', async () => {
    expect((await project.db(['migrate'])).exitCode).toBe(0)
    expect(await project.db(['check'])).toMatchObject({
      stdout: '✅ alpha: 001 (head)\n✅ beta: 002 (head)\n',
      exitCode: 0,
    })
    project.write('beta/prisma/schema.prisma', schema('  name String\n'))
    const { stdout, exitCode } = await project.db(['check'])
    expect(exitCode).toBe(4)
    expect(stdout).toContain('✅ beta: 002 (head)\n❌ beta: its schema has changes without a migration\n')
    expect(stdout).toMatch(/Added column `name`/)
    const { databases } = JSON.parse((await project.db(['check', '--json'])).stdout)
    expect(databases).toMatchObject([
      { database: 'alpha', atHead: true, schemaChanges: null },
      { database: 'beta', atHead: true, schemaChanges: expect.stringContaining('name') },
    ])
    expect((await project.db(['check', '--only', 'alpha'])).exitCode).toBe(0)
  })

  test('finds an edited migration', async () => {
    expect((await project.db(['migrate'])).exitCode).toBe(0)
    project.revision('alpha', '001_users', 'CREATE TABLE users (id int PRIMARY KEY); -- edited')
    const { stdout, exitCode } = await project.db(['check'])
    expect(exitCode).toBe(4)
    expect(stdout).toContain('divergent  001_users of alpha was edited')
  })

  test('says which schema is missing, and which script the shadow database refused', async () => {
    project.revision('alpha', '001_users', 'CREATE TABLE users (id nonsense);')
    const refused = await project.db(['check', '--only', 'alpha'])
    expect(refused.exitCode).toBe(2)
    expect(refused.stderr).toContain('[engine.refused]')
    project.remove('alpha/prisma/schema.prisma')
    expectFailure(await project.db(['check', '--only', 'alpha']), {
      code: 'check.schema-missing',
      exitCode: 2,
      what: "The Prisma schema of alpha isn't there: alpha/prisma/schema.prisma.",
      why: 'compared with',
      fix: 'correct `schema` in the catalog',
    })
  })
})
