import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { makeGuardedProject } from './support/guarded.ts'
import type { Project } from './support/project.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

let tenant: Tenant
let project: Project

beforeAll(async () => {
  tenant = await makeTenant()
  project = makeGuardedProject(tenant)
  project.revision('specs', '003_tags', 'CREATE TABLE tags (id int PRIMARY KEY);')
  project.write('specs/prisma/migrations/003_tags/down.sql', 'DROP TABLE tags;')
  expect(await project.db(['migrate', '--no-generate'])).toMatchObject({ exitCode: 0 })
})
afterAll(async () => {
  project.dispose()
  await tenant.dispose()
})

const done = async (...args: readonly string[]) => {
  const { stdout, stderr, exitCode } = await project.db(args)
  expect({ stdout, stderr, exitCode }).toEqual({ stdout, stderr, exitCode: 0 })
  return stdout
}

test('docs --out and backup --out say where', async () => {
  await done('docs', '--out', 'pages')
  expect(existsSync(join(project.directory, 'pages/auth.md'))).toBe(true)
  const directory = (await done('backup', '--out', 'kept', '--only', 'auth', '--archive')).trim()
  expect(existsSync(join(project.directory, 'kept', directory.split('/').at(-1) ?? '', 'SHA256SUMS'))).toBe(
    true,
  )
  expect(existsSync(join(project.directory, 'backups'))).toBe(false)
})

test('preflight --backup-age says when a backup is too old', async () => {
  project.revision('auth', '004_more', 'CREATE TABLE more (id int PRIMARY KEY);')
  const warning = 'The newest backup, '
  const preflight = async (...args: readonly string[]) =>
    (await project.db(['preflight', '--only', 'auth', ...args], { env: { DB_BACKUPS: 'kept' } })).stdout
  expect(await preflight()).toMatch(/✅ backup +\S+ is /)
  expect(await preflight('--backup-age', '1ms')).toContain(warning)
  project.remove('auth/prisma/migrations/004_more')
})

test('status --verbose tells of integrity, too', async () => {
  expect(await done('status')).not.toContain('integrity')
  expect(await done('status', '--verbose')).toContain('integrity')
})

test('explain --tolerance says how many times costlier a plan may be', async () => {
  const fill = (rows: number) =>
    project.query(
      'specs',
      `INSERT INTO tags SELECT generate_series(1, ${rows}) ON CONFLICT DO NOTHING; ANALYZE tags`,
    )
  await fill(1_000)
  project.write('queries.sql', '-- name: all\n-- database: specs\nSELECT * FROM tags;')
  await done('explain', 'queries.sql', '--save', 'plans.json')
  await fill(10_000)
  expect(await project.db(['explain', 'queries.sql', '--compare', 'plans.json'])).toMatchObject({
    exitCode: 4,
  })
  await done('explain', 'queries.sql', '--compare', 'plans.json', '--tolerance', '100')
})

describe('integrity', () => {
  const ids = [1, 2].map((digit) => `00000000-0000-0000-0000-00000000000${digit}`)

  test('receipts --limit says how many', async () => {
    for (const id of ids) {
      await project.query('auth', `INSERT INTO users VALUES ('${id}'); DELETE FROM users`)
    }
    await done('integrity', 'sweep')
    const receipts = async (...args: readonly string[]) =>
      JSON.parse(await done('integrity', 'receipts', '--json', ...args)).receipts.length
    expect(await receipts()).toBe(2)
    expect(await receipts('--limit', '1')).toBe(1)
  })

  test('scan --limit says how many are shown', async () => {
    const nobody = ['a', 'b'].map((digit) => `${digit}0000000-0000-0000-0000-000000000000`)
    await project.query('specs', `INSERT INTO notes VALUES (1, '${nobody[0]}'), (2, '${nobody[1]}')`)
    const found = async (...args: readonly string[]) => {
      const { stdout, exitCode } = await project.db(['integrity', 'scan', ...args])
      expect(exitCode).toBe(4)
      return nobody.filter((id) => stdout.includes(id)).length
    }
    expect(await found()).toBe(2)
    expect(await found('--limit', '1')).toBe(1)
  })

  test('revive --table says of which table', async () => {
    const [id = ''] = ids
    const other = await project.db(['integrity', 'revive', id, '--table', 'projects'])
    expect(other).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('[integrity.target-unknown]'),
    })
    expect(await done('integrity', 'revive', id, '--table', 'auth:users')).toContain('may be used again')
  })
})

describe('--only chooses the histories', () => {
  test('of show', async () => {
    const shown = async (...args: readonly string[]) =>
      JSON.parse(await done('show', 'heads', '--json', ...args)).revisions.length
    expect(await shown()).toBe(2)
    expect(await shown('--only', 'specs')).toBe(1)
  })

  test('of squash', async () => {
    const elsewhere = await project.db(['squash', '002:003', '--yes', '--only', 'auth'])
    expect(elsewhere).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('[plan.unknown-revision]'),
    })
    await done('squash', '002:003', '--yes', '--only', 'specs')
  })

  test('of merge', async () => {
    project.revision('auth', '005_left', '-- revises: 001\nSELECT 1;')
    project.revision('auth', '006_right', '-- revises: 001\nSELECT 1;')
    const elsewhere = await project.db(['merge', 'heads', '--only', 'specs'])
    expect(elsewhere).toMatchObject({ exitCode: 2, stdout: '' })
    expect(await done('merge', 'heads', '--only', 'auth')).toMatch(/auth\/prisma\/migrations\/\d+_merge/)
  })
})
