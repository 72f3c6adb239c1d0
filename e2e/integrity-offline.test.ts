import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { makeGuardedProject, triggersIn } from './support/guarded.ts'
import type { Project } from './support/project.ts'
import { expectPsql, runInPsql } from './support/psql.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

let tenant: Tenant
let project: Project

beforeAll(async () => {
  tenant = await makeTenant()
  expectPsql()
})
afterAll(() => tenant.dispose())
afterEach(() => project.dispose())

const byPsql = async (...args: string[]): Promise<void> => {
  const { exitCode, stdout } = await project.db([...args, '--sql'])
  expect(exitCode).toBe(0)
  expect(await runInPsql(project, 'auth', stdout)).toMatchObject({ exitCode: 0 })
}

const standing = async (): Promise<unknown> => {
  const { databases } = JSON.parse((await project.db(['status', '--verbose', '--json'])).stdout)
  return databases
}

test('a script for psql keeps references, up and down, and status finds it in step', async () => {
  project = makeGuardedProject(tenant)
  for (const database of ['auth', 'specs']) await tenant.createDatabase(project.databaseName(database))
  await byPsql('upgrade')
  const inStep = { atHead: true, integrity: { isInStep: true, problems: [] } }
  expect(await standing()).toMatchObject([inStep, inStep])
  expect(await project.db(['integrity', 'status'])).toMatchObject({ exitCode: 0 })
  const triggers = await triggersIn(project, 'specs')
  expect(triggers).not.toEqual([])

  await byPsql('downgrade', '002:specs@base')
  expect(await triggersIn(project, 'specs')).toEqual([])
  await byPsql('upgrade', '001:002')
  expect(await triggersIn(project, 'specs')).toEqual(triggers)
  expect(await standing()).toMatchObject([inStep, inStep])
  expect((await project.db(['migrate'])).stderr).toContain('Nothing to do.')

  await project.query('specs', 'DROP TRIGGER integrity_fence_insert_user_id ON notes')
  expect(await standing()).toMatchObject([inStep, { integrity: { isInStep: false } }])
})
