import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { appliedIn } from './support/catalogs.ts'
import { makeProject, type Project } from './support/project.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

let tenant: Tenant
let project: Project

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
beforeEach(async () => {
  project = makeProject(tenant, {
    alpha: { '001_users': 'CREATE TABLE users (id int PRIMARY KEY)' },
    beta: { '001_tags': 'CREATE TABLE tags (id int PRIMARY KEY)' },
  })
  expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0 })
  await project.query('alpha', 'INSERT INTO users VALUES (1), (2)')
})
afterEach(() => project.dispose())

const backups = (folder = 'backups') => {
  const directory = join(project.directory, folder)
  return existsSync(directory) ? readdirSync(directory).map((name) => join(directory, name)) : []
}

describe('--backup', () => {
  test('saves what an upgrade is about to change, and names the directory', async () => {
    project.revision('alpha', '002_empty', 'DELETE FROM users')
    const { stdout, exitCode } = await project.db(['upgrade', '--backup', 'alpha@head', '--json'])
    const { backup } = JSON.parse(stdout)
    expect({ exitCode, backups: backups() }).toEqual({ exitCode: 0, backups: [backup] })
    expect(readdirSync(backup).sort()).toEqual(['SHA256SUMS', 'alpha'])
    expect(await project.query('alpha', 'SELECT * FROM users')).toEqual([])
    expect(await project.db(['restore', backup, '--yes'])).toMatchObject({ exitCode: 0 })
    expect(await project.query('alpha', 'SELECT * FROM users')).toEqual([{ id: 1 }, { id: 2 }])
    expect(await appliedIn(project, 'alpha')).toEqual(['001_users'])
  })

  test('saves before a downgrade, in the directory that is said', async () => {
    project.write('alpha/prisma/migrations/001_users/down.sql', 'DROP TABLE users')
    const { stderr } = await project.db(['downgrade', 'alpha@base', '--yes', '--backup=kept/here'])
    const [backup] = backups('kept/here')
    expect(stderr).toContain(`The backup is in ${backup}`)
    expect(await project.db(['restore', backup ?? '', '--yes'])).toMatchObject({ exitCode: 0 })
    expect(await project.query('alpha', 'SELECT * FROM users')).toEqual([{ id: 1 }, { id: 2 }])
  })

  test('is there, and named, when the migration then fails', async () => {
    project.revision('alpha', '002_wrong', 'DELETE FROM users; SELECT 1 / 0')
    const { stderr, exitCode } = await project.db(['migrate', '--backup'])
    expect({ exitCode, named: backups().every((directory) => stderr.includes(directory)) }).toEqual({
      exitCode: 5,
      named: true,
    })
    expect(backups()).toHaveLength(1)
  })

  test('keeps the migration from beginning when it fails', async () => {
    project.revision('alpha', '002_more', 'CREATE TABLE more (id int)')
    project.write('nowhere', 'a file, and no directory')
    const { stderr, exitCode } = await project.db(['migrate', '--backup=nowhere'])
    expect({ stderr, exitCode }).toEqual({
      stderr: expect.stringContaining('backup.not-written'),
      exitCode: 2,
    })
    expect(await appliedIn(project, 'alpha')).toEqual(['001_users'])
  })

  test('is not taken when there is nothing to do, or nothing to save', async () => {
    expect(await project.db(['migrate', '--backup'])).toMatchObject({ exitCode: 0 })
    await tenant.asAdmin(`DROP DATABASE ${project.databaseName('alpha')}`)
    expect(await project.db(['migrate', '--backup'])).toMatchObject({ exitCode: 0 })
    expect(backups()).toEqual([])
  })
})
