import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { appliedIn } from './support/catalogs.ts'
import { expectFailure } from './support/failure.ts'
import { makeProject, type Project } from './support/project.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

let tenant: Tenant
let project: Project

/** alpha branches at 001 and merges in 004; beta is a line that needs alpha's 002. */
const histories = {
  alpha: {
    '001_users': '-- Users\n--\n-- Who they are.\n--\n-- creates: users\nCREATE TABLE users (id int);\n',
    '002_roles': '-- revises: 001\nCREATE TABLE roles (id int);\n',
    '003_tokens': '-- revises: 001\n-- Tokens\nCREATE TABLE tokens (id int);\n',
    '004_both': '-- revises: 002, 003\n-- Both ways meet\nSELECT 1;\n',
  },
  beta: {
    '005_projects': '-- depends-on: alpha@002\n-- Projects\nCREATE TABLE projects (id int);\n',
    '006_tags': '-- Tags\nCREATE TABLE tags (id int);\n',
  },
}

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
beforeEach(() => {
  project = makeProject(tenant, histories)
})
afterEach(() => project.dispose())

/** A port on which nobody listens: what is asked for is on disk. */
const nowhere = {
  env: {
    DATABASE_URL_ALPHA: 'postgresql://me@127.0.0.1:1/alpha',
    DATABASE_URL_BETA: 'postgresql://me@127.0.0.1:1/beta',
  },
}
const print = async (...args: readonly string[]) => {
  const { stdout, stderr, exitCode } = await project.db(args, nowhere)
  expect({ stderr, exitCode }).toEqual({ stderr, exitCode: 0 })
  return stdout
}
const printJson = async (...args: readonly string[]): Promise<unknown> =>
  JSON.parse(await print(...args, '--json'))

const migrate = async (...args: readonly string[]) => {
  const { stderr, exitCode } = await project.db(['migrate', ...args])
  expect({ stderr, exitCode }).toEqual({ stderr, exitCode: 0 })
}

describe('db history', () => {
  test('shows all revisions, newest first, without a server', async () => {
    expect(await print('history')).toBe(`\
002, 003 -> 004 (alpha) (head) (mergepoint), Both ways meet
005 -> 006 (beta) (head), Tags
<base> (alpha@002) -> 005 (beta), Projects
001 -> 002 (alpha), roles
001 -> 003 (alpha), Tokens
<base> -> 001 (alpha) (branchpoint), Users
`)
  })

  test('leaves the name out where one database is meant', async () => {
    expect(await print('history', '--only', 'beta')).toBe(
      '005 -> 006 (head), Tags\n<base> (alpha@002) -> 005, Projects\n',
    )
  })

  test.each([
    ['003:', ['004', '003']],
    [':005', ['005', '002', '001']],
    ['001:002', ['002', '001']],
    ['b@-1:', ['006', '005']],
    ['005:+1', ['006', '005']],
    ['a@base:a@heads', ['004', '002', '003', '001']],
  ])('-r %s shows that range', async (range, ids) => {
    expect(await printJson('history', '-r', range)).toMatchObject({
      revisions: ids.map((revision) => ({ revision })),
    })
  })

  test('-v shows what the headers say', async () => {
    expect(await print('history', '--verbose', '-r', ':001')).toBe(`\
Rev: 001 (branchpoint)
Database: alpha
Parent: <base>
Branches into: 002, 003
Path: alpha/prisma/migrations/001_users

    Users

    Who they are.

`)
  })

  test('-i marks where the databases stand, and current is an end of a range', async () => {
    await migrate('--only', 'alpha')
    const { stdout } = await project.db(['history', '-i'])
    expect(stdout.split('\n').filter((line) => line.includes('(current)'))).toEqual([
      '002, 003 -> 004 (alpha) (head) (current) (mergepoint), Both ways meet',
    ])
    await migrate()
    expect(await project.db(['history', '-r', 'b@current:'])).toMatchObject({
      stdout: '005 -> 006 (beta) (head), Tags\n',
      exitCode: 0,
    })
  })

  test('--json says all of it', async () => {
    expect(await printJson('history', '-r', '004:004')).toEqual({
      revisions: [
        {
          database: 'alpha',
          revision: '004',
          name: '004_both',
          title: 'Both ways meet',
          parents: ['002', '003'],
          dependsOn: [],
          head: true,
          branchPoint: false,
          mergePoint: true,
          current: null,
          path: 'alpha/prisma/migrations/004_both',
        },
      ],
    })
  })
})

describe('db heads and db branches', () => {
  test('show the ends and the forks of each history', async () => {
    expect(await print('heads')).toBe('004 (alpha) (head)\n006 (beta) (head)\n')
    expect(await print('branches')).toBe(
      '001 (alpha) (branchpoint)\n    -> 002 (alpha)\n    -> 003 (alpha)\n',
    )
    expect(await printJson('heads')).toMatchObject({ heads: [{ revision: '004' }, { revision: '006' }] })
    expect(await printJson('branches')).toMatchObject({
      branchPoints: [{ revision: '001', branches: ['002', '003'] }],
    })
  })

  test('say more with --verbose', async () => {
    expect(await print('heads', '--verbose', '--only', 'beta')).toContain('Rev: 006 (head)\nDatabase: beta\n')
    expect(await print('branches', '-v')).toContain('Branches into: 002, 003\n')
  })

  test('say so where nothing branches', async () => {
    expect(await project.db(['branches', '--only', 'beta'], nowhere)).toMatchObject({
      stdout: '',
      stderr: expect.stringContaining('No history branches.'),
      exitCode: 0,
    })
  })
})

describe('db current', () => {
  test('shows where each database stands, and creates none', async () => {
    expect(await project.db(['current'])).toMatchObject({
      exitCode: 0,
      stdout: '<base> (alpha)\n<base> (beta)\n',
    })
    await migrate('--only', 'alpha')
    expect(await project.db(['current'])).toMatchObject({
      exitCode: 0,
      stdout: '004 (alpha) (head) (mergepoint)\n<base> (beta)\n',
    })
    expect(await project.db(['current', '--only', 'alpha'])).toMatchObject({
      stdout: '004 (head) (mergepoint)\n',
    })
  })

  test('shows several revisions of a history that has branched', async () => {
    await migrate('--only', 'alpha')
    await project.query('alpha', "DELETE FROM _prisma_migrations WHERE migration_name = '004_both'")
    expect(await project.db(['current', '--only', 'alpha', '--json'])).toMatchObject({
      exitCode: 0,
      stderr: '',
    })
    expect(await project.db(['current', '--only', 'alpha'])).toMatchObject({ stdout: '002\n003\n' })
  })

  test('says more with --verbose and --json, and no password', async () => {
    await migrate()
    const { stdout } = await project.db(['current', '--verbose', '--only', 'beta'])
    expect(stdout).toMatch(
      /^Current revision\(s\) for beta at postgresql:\/\/\w+:\*\*\*@.*:\nRev: 006 \(head\)\n/,
    )
    const json = await project.db(['current', '--json'])
    expect(JSON.parse(json.stdout)).toMatchObject({
      databases: [
        { database: 'alpha', atHead: true, revisions: [{ revision: '004', current: true }] },
        { database: 'beta', atHead: true, revisions: [{ revision: '006' }] },
      ],
    })
  })

  test('warns of what the history does not explain', async () => {
    await migrate()
    project.remove('beta/prisma/migrations/006_tags')
    const { stdout, stderr } = await project.db(['current', '--only', 'beta'])
    expect(stdout).toBe('005 (head)\n')
    expect(stderr).toContain("006_tags is applied to beta, and isn't on disk.")
  })

  test('needs a server', async () => {
    expectFailure(await project.db(['current'], nowhere), {
      code: 'server.refused',
      exitCode: 2,
      what: 'alpha',
      why: /./,
      fix: /./,
    })
  })
})

describe('db show', () => {
  test('shows a revision with its files, tables and ledger rows', async () => {
    project.write('alpha/prisma/migrations/001_users/down.sql', 'DROP TABLE users;\n')
    await migrate('--only', 'alpha')
    const { stdout, exitCode } = await project.db(['show', '001'])
    expect(exitCode).toBe(0)
    expect(stdout.replace(/Checksum: [0-9a-f]{64}/, 'Checksum: …').replace(/applied .*/, 'applied …')).toBe(`\
Rev: 001 (branchpoint)
Database: alpha
Parent: <base>
Branches into: 002, 003
Path: alpha/prisma/migrations/001_users
Creates: users
Transaction: one
Checksum: …
File: down.sql, 1 lines, 18 bytes
File: migration.sql, 6 lines, 79 bytes
Ledger: applied …

    Users

    Who they are.

`)
  })

  test('shows every time that it was applied', async () => {
    await migrate('--only', 'alpha')
    await project.query(
      'alpha',
      "UPDATE _prisma_migrations SET rolled_back_at = now() WHERE migration_name = '004_both'",
    )
    await migrate('--only', 'alpha')
    const { stdout } = await project.db(['show', 'a@head'])
    expect(stdout).toMatch(/\nLedger: started .*, rolled back .*\nLedger: applied .*\n/)
    expect(JSON.parse((await project.db(['show', 'a@current', '--json'])).stdout)).toMatchObject({
      revisions: [
        { revision: '004', reversible: false, ledger: [{ name: '004_both' }, { name: '004_both' }] },
      ],
    })
  })

  test('shows what is on disk where no server answers', async () => {
    const { stdout, stderr, exitCode } = await project.db(['show', '003'], nowhere)
    expect(exitCode).toBe(0)
    expect(stdout).toContain('Ledger: not read\n')
    expect(stdout).toContain('No down.sql: this revision has no way back.\n')
    expect(stderr).toContain("The ledger isn't read: ")
    expect(await print('show', 'heads', '--offline')).toMatch(/Rev: 004 .*Rev: 006 /s)
  })

  test.each([
    ['009', 'plan.unknown-revision', 'There is no revision "009" in alpha or beta'],
    ['head-9', 'plan.relative-unscoped', '"head-9" doesn\'t say in which database'],
    ['b@head-9', 'plan.relative-too-far', 'from 006 beta has only 2'],
    ['@head', 'target.malformed', '"@head" is neither a revision nor a range'],
    ['gamma@head', 'database.unknown', 'There is no database "gamma" in the catalog'],
  ])('refuses %s', async (word, code, what) => {
    expectFailure(await project.db(['show', word], nowhere), { code, exitCode: 2, what, why: /./, fix: /./ })
  })
})

describe('a history that has branched', () => {
  test('comes to head through its merge, what another database needs included', async () => {
    await migrate()
    expect([...(await appliedIn(project, 'alpha'))].sort()).toEqual([
      '001_users',
      '002_roles',
      '003_tokens',
      '004_both',
    ])
    expect((await appliedIn(project, 'alpha')).at(-1)).toBe('004_both')
    expect(await appliedIn(project, 'beta')).toEqual(['005_projects', '006_tags'])
  })

  test('with a circle in it is refused, with the files', async () => {
    project.revision('alpha', '001_users', '-- revises: 004\nSELECT 1;\n')
    expectFailure(await project.db(['history'], nowhere), {
      code: 'plan.cycle',
      exitCode: 2,
      what: 'Revisions of alpha depend on each other in a circle',
      why: 'No order exists',
      fix: 'alpha/prisma/migrations/001_users/migration.sql',
    })
  })
})
