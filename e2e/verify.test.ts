import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { readText } from './docs/pages.ts'
import { expectFailure } from './support/failure.ts'
import { makeProject, type Project } from './support/project.ts'
import { dbCommand, node, root, run } from './support/run.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

let tenant: Tenant
let project: Project

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
beforeEach(() => {
  project = makeProject(tenant, {
    alpha: { '001_users': '-- creates: users\nCREATE TABLE users (id int);\n' },
    beta: {
      '002_projects': '-- depends-on: alpha@001\nCREATE TABLE projects (id int);\n',
      '003_tags': 'CREATE TABLE tags (id int);\n',
    },
  })
  for (const path of ['alpha/prisma/migrations/001_users', 'beta/prisma/migrations/002_projects'])
    project.write(`${path}/down.sql`, 'SELECT 1;\n')
  project.write('beta/prisma/migrations/003_tags/down.sql', 'DROP TABLE tags;\n')
})
afterEach(() => project.dispose())

const nowhere = {
  env: {
    DATABASE_URL_ALPHA: 'postgresql://me@127.0.0.1:1/alpha',
    DATABASE_URL_BETA: 'postgresql://me@127.0.0.1:1/beta',
  },
}

/** Kinds by database, from `--json`. */
async function found(...args: readonly string[]) {
  const { stdout, exitCode } = await project.db(['verify', ...args, '--json'])
  const { databases }: { databases: { database: string; findings: { kind: string }[] }[] } =
    JSON.parse(stdout)
  const kinds = databases.map(({ database, findings }) => [database, findings.map(({ kind }) => kind)])
  return { exitCode, ...Object.fromEntries(kinds) }
}

describe('db verify', () => {
  test('finds nothing in histories that are whole, before and after they are applied', async () => {
    const clean = { exitCode: 0, alpha: [], beta: [] }
    expect(await found()).toEqual(clean)
    expect((await project.db(['migrate'])).exitCode).toBe(0)
    expect(await found()).toEqual(clean)
    expect(await project.db(['verify'])).toMatchObject({
      stdout: '✅ alpha: 1 revision, nothing found\n✅ beta: 2 revisions, nothing found\n',
    })
  })

  test('--offline verifies what is on disk without a server', async () => {
    expect(await project.db(['verify', '--offline'], nowhere)).toMatchObject({ exitCode: 0 })
    expectFailure(await project.db(['verify'], nowhere), {
      code: 'server.refused',
      exitCode: 2,
      what: 'No PostgreSQL answers',
      why: 'The server is down',
      fix: 'Check host and port',
    })
  })

  test('shows each finding with its reason and how to mend it, and exits with 4', async () => {
    project.revision('alpha', '001_users', '-- creates: users, roles\nCREATE TABLE users (id int);\n')
    const { stdout, exitCode } = await project.db(['verify', '--offline', '--only', 'alpha'], nowhere)
    expect({ stdout, exitCode }).toEqual({
      exitCode: 4,
      stdout: `\
✖ alpha  creates-wrong
  The header of 001_users names other tables than its script creates.
  why  Named and not created: roles.
  fix  Correct \`-- creates:\` in ${project.directory}/alpha/prisma/migrations/001_users/migration.sql, as long as the revision is applied nowhere.
`,
    })
  })

  test.each([
    ['creates-wrong', '-- creates: tags\nCREATE TABLE tags (id int); CREATE TABLE labels (id int);'],
    ['script-unreadable', 'CREATE TABEL tags (id int);'],
    ['unknown-parent', '-- revises: 007\nCREATE TABLE tags (id int);'],
    ['unknown-parent', '-- depends-on: alpha@007\nCREATE TABLE tags (id int);'],
  ])('finds %s', async (kind, script) => {
    project.revision('beta', '003_tags', script)
    expect(await found('--offline')).toEqual({ exitCode: 4, alpha: [], beta: [kind] })
  })

  test('finds revisions that can’t be sorted, twins, and a name that stands before what it needs', async () => {
    project.revision('beta', '003_tags', '-- revises: 004\nSELECT 1;')
    project.revision('beta', '004_more', '-- revises: 002\nSELECT 1;')
    project.write('beta/prisma/migrations/004_more/down.sql', 'SELECT 1;')
    expect(await found('--offline')).toEqual({ exitCode: 4, alpha: [], beta: ['name-order'] })
    project.revision('beta', '004_more', '-- revises: 003\nSELECT 1;')
    expect(await found('--offline', '--only', 'beta')).toMatchObject({
      beta: expect.arrayContaining(['cycle']),
    })
    project.remove('beta/prisma/migrations/004_more')
    project.revision('beta', '003_twin', 'SELECT 1;')
    expect(await found('--offline')).toMatchObject({
      beta: expect.arrayContaining(['duplicate-revision', 'down-missing']),
    })
  })

  test('finds options that would be refused, and a way back that is no SQL', async () => {
    project.write('beta/prisma/migrations/003_tags/options.json', '{ "lockTimout": "5s" }')
    project.write('beta/prisma/migrations/003_tags/down.sql', 'DROP TABEL tags;')
    expect(await found('--offline')).toMatchObject({ beta: ['script-unreadable', 'options-invalid'] })
  })

  test('finds what the ledger says otherwise', async () => {
    expect((await project.db(['migrate'])).exitCode).toBe(0)
    project.revision('beta', '002b_between', '-- revises: 002\nSELECT 1;')
    project.write('beta/prisma/migrations/002b_between/down.sql', 'SELECT 1;')
    project.revision('beta', '003_tags', '-- revises: 002b\nCREATE TABLE tags (id bigint);\n')
    await project.query(
      'beta',
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at)
      VALUES ('x', '', '009_gone', now()), ('y', '', '008_killed', NULL)`,
    )
    const { exitCode, beta } = await found()
    expect(exitCode).toBe(4)
    expect([...beta].sort()).toEqual(['divergent', 'missing', 'out-of-order', 'unfinished'])
    expect(await found('--offline')).toMatchObject({ exitCode: 0 })
  })

  test('--skip leaves kinds out, and refuses what is no kind', async () => {
    project.remove('beta/prisma/migrations/003_tags/down.sql')
    expect(await found('--offline')).toMatchObject({ exitCode: 4, beta: ['down-missing'] })
    expect(await found('--offline', '--skip', 'down-missing,cycle')).toMatchObject({ exitCode: 0, beta: [] })
    const { stderr, exitCode } = await project.db(['verify', '--skip', 'down-mising'])
    expect(exitCode).toBe(2)
    expect(stderr).toContain('"down-mising" is none of creates-wrong,')
  })

  test('lists in --help and in the reference what it can find', async () => {
    const { stdout } = await project.db(['verify', '--help'])
    const [, list = ''] = /What can be found:\n([\s\S]*?)\n\n/.exec(stdout) ?? []
    const kinds = list.split('\n').map((line) => line.trim())
    expect(kinds.length).toBeGreaterThan(10)
    const [, section = ''] = readText('docs/reference/checks.md').split('\n## `pnpm db verify`')
    const [own = ''] = section.split('\n## ')
    expect([...own.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, kind]) => kind)).toEqual(kinds)
  })

  test('finds nothing in the histories of this repository', async () => {
    const { stdout, exitCode } = await run(node, [dbCommand, 'verify', '--offline'], { cwd: root })
    expect({ stdout, exitCode }).toEqual({ stdout, exitCode: 0 })
  })
})
