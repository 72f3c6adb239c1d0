import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { datasource, makePrismaProject, type PrismaProject } from './support/prisma-project.ts'
import { makeTenant, query, type Tenant } from './support/tenant.ts'

const pear = 'model Pear {\n  id Int @id\n}\n'
const plum = 'model Plum {\n  id Int @id\n}\n'
const create = (name: string) =>
  `CREATE TABLE "${name}" (id int NOT NULL, CONSTRAINT "${name}_pkey" PRIMARY KEY (id));`

let tenant: Tenant
let project: PrismaProject

beforeAll(async () => {
  tenant = await makeTenant()
  const database = tenant.newName()
  await tenant.createDatabase(database)
  project = makePrismaProject(tenant.url(database), datasource + pear)
  await query(project.url, create('Pear') + create('Plum'))
  project.write('two.prisma', datasource + pear + plum)
  project.migration('001_pear', create('Pear'))
})
afterAll(async () => {
  project.dispose()
  await tenant.dispose()
})

/** The four kinds of source: nothing, one table (twice), and two tables. */
const sources = {
  empty: [],
  schema: ['prisma/schema.prisma'],
  migrations: ['prisma/migrations'],
  'config-datasource': [],
} as const
type Source = keyof typeof sources
const tablesIn: Readonly<Record<Source, readonly string[]>> = {
  empty: [],
  schema: ['Pear'],
  migrations: ['Pear'],
  'config-datasource': ['Pear', 'Plum'],
}
const names: readonly Source[] = ['empty', 'schema', 'migrations', 'config-datasource']
const pairs = names
  .flatMap((from) => names.map((to): [Source, Source] => [from, to]))
  // Prisma can't tell which kind of database is meant.
  .filter(([from, to]) => from !== 'empty' || to !== 'empty')

const diff = (from: Source, to: Source, ...more: readonly string[]) =>
  project.prisma([
    'migrate',
    'diff',
    `--from-${from}`,
    ...sources[from],
    `--to-${to}`,
    ...sources[to],
    ...more,
  ])

describe('migrate diff', () => {
  test.each(pairs)('from %s to %s as a script', async (from, to) => {
    const { stdout, exitCode } = await diff(from, to, '--script', '--exit-code')
    const added = tablesIn[to].filter((name) => !tablesIn[from].includes(name))
    const removed = tablesIn[from].filter((name) => !tablesIn[to].includes(name))
    const found = {
      added: [...stdout.matchAll(/CREATE TABLE (?:"public"\.)?"(\w+)"/g)].map(([, name]) => name).sort(),
      removed: [...stdout.matchAll(/DROP TABLE (?:"public"\.)?"(\w+)"/g)].map(([, name]) => name).sort(),
    }
    expect({ ...found, exitCode }).toEqual({
      added,
      removed,
      exitCode: added.length + removed.length > 0 ? 2 : 0,
    })
    if (exitCode === 0) expect(stdout).toContain('-- This is an empty migration.')
  })

  test('for people', async () => {
    const { stdout, exitCode } = await diff('schema', 'config-datasource')
    expect({ stdout, exitCode }).toEqual({
      stdout: expect.stringMatching(/\[\+\] Added tables\n {2}- Plum/),
      exitCode: 0,
    })
    const none = await diff('schema', 'migrations', '--exit-code')
    expect(none).toMatchObject({ stdout: expect.stringContaining('No difference detected.'), exitCode: 0 })
  })

  test('into a file', async () => {
    const { stdout, exitCode } = await diff('schema', 'config-datasource', '--script', '--output', 'out.sql')
    expect(exitCode).toBe(0)
    expect(stdout).not.toContain('CREATE TABLE')
    expect(project.read('out.sql')).toContain('CREATE TABLE "public"."Plum"')
  })

  test('between two schema files, without any database', async () => {
    const args = ['--from-schema', 'prisma/schema.prisma', '--to-schema', 'two.prisma', '--script']
    const { stdout, exitCode } = await project.prisma(['migrate', 'diff', ...args])
    expect({ stdout, exitCode }).toEqual({
      stdout: expect.stringContaining('CREATE TABLE "Plum"'),
      exitCode: 0,
    })
  })

  test('never changes the database', async () => {
    expect(
      await query(project.url, `SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`),
    ).toEqual([{ tablename: 'Pear' }, { tablename: 'Plum' }])
  })
})
