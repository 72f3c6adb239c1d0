import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { appliedIn } from './support/catalogs.ts'
import { expectFailure } from './support/failure.ts'
import { makeProject, type Project } from './support/project.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

let tenant: Tenant
let project: Project

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
beforeEach(() => {
  project = makeProject(tenant, {
    alpha: {
      '001_first': 'CREATE TABLE first (id int PRIMARY KEY);',
      '002_left': 'ALTER TABLE first ADD COLUMN l int;',
      '003_right': '-- revises: 001\nALTER TABLE first ADD COLUMN r int;',
    },
    beta: { '004_other': 'CREATE TABLE other (id int PRIMARY KEY);' },
  })
  const downs = {
    '001_first': 'DROP TABLE first;',
    '002_left': 'ALTER TABLE first DROP COLUMN l;',
    '003_right': 'ALTER TABLE first DROP COLUMN r;',
  }
  for (const [name, down] of Object.entries(downs)) {
    project.write(`alpha/prisma/migrations/${name}/down.sql`, down)
  }
})
afterEach(() => project.dispose())

const folder = () => join(project.directory, 'alpha/prisma/migrations')

test('two heads become one, and both tools apply the merge', async () => {
  expect((await project.db(['heads', '--only', 'alpha', '--json'])).stdout).toMatch(
    /002_left[\s\S]*003_right/,
  )
  const result = await project.db(['merge', '-m', 'Left and right', '002', '003'])
  expect(result).toEqual({ exitCode: 0, stderr: '', stdout: 'alpha/prisma/migrations/005_left_and_right\n' })
  expect(readFileSync(join(folder(), '005_left_and_right/migration.sql'), 'utf8')).toBe(
    '-- Left and right\n--\n-- revises: 002, 003\n-- database: alpha\n',
  )
  expect(await project.db(['migrate'])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('005 (head)'),
  })
  expect(await project.prisma('alpha', ['migrate', 'status'])).toMatchObject({ exitCode: 0 })
  expect(await project.db(['downgrade', '--yes', 'alpha@base'])).toMatchObject({ exitCode: 0 })
  expect(await appliedIn(project, 'alpha')).toEqual([])
  expect(await project.prisma('alpha', ['migrate', 'deploy'])).toMatchObject({ exitCode: 0 })
  expect(await appliedIn(project, 'alpha')).toEqual([
    '001_first',
    '002_left',
    '003_right',
    '005_left_and_right',
  ])
})

test('all heads of a history are named by a word, without a server', async () => {
  const env = { DATABASE_URL_ALPHA: 'postgresql://nobody@127.0.0.1:1/x' }
  const result = await project.db(['merge', 'alpha@heads', '--json'], { env })
  expect(JSON.parse(result.stdout)).toEqual({
    merged: {
      database: 'alpha',
      revision: '005_merge_002_and_003',
      parents: ['002', '003'],
      directory: 'alpha/prisma/migrations/005_merge_002_and_003',
    },
  })
})

test.each([[['002']], [['002', '002']], [['001', '002']], [['003', '004']]])(
  '%j are not heads of one history',
  async (revisions) => {
    expectFailure(await project.db(['merge', ...revisions]), {
      code: 'merge.not-heads',
      exitCode: 2,
      what: "can't be merged",
      why: 'A merge joins',
      fix: 'pnpm db heads',
    })
    expect(readdirSync(folder())).toHaveLength(4)
  },
)
