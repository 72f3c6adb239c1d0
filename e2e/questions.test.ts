import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { appliedIn } from './support/catalogs.ts'
import { makeProject, type Project } from './support/project.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'
import { answerOnTerminal, ctrlC } from './support/terminal.ts'

let tenant: Tenant
let project: Project

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
beforeEach(async () => {
  project = makeProject(tenant, {
    alpha: { '001_pears': 'CREATE TABLE pear (id int PRIMARY KEY, title text NOT NULL);' },
  })
  project.write('alpha/prisma/migrations/001_pears/down.sql', 'DROP TABLE pear;')
  expect((await project.db(['migrate'])).exitCode).toBe(0)
  await project.query('alpha', "INSERT INTO pear VALUES (1, 'one')")
})
afterEach(() => project.dispose())

describe('on a terminal, a downgrade asks', () => {
  test('and undoes nothing at a no', async () => {
    const { screen, exitCode } = await answerOnTerminal(project, ['downgrade'], 'n\r')
    expect(screen).toContain('Undo alpha@001, and lose table pear of alpha (1 row)?')
    expect(exitCode).toBe(3)
    expect(await appliedIn(project, 'alpha')).toEqual(['001_pears'])
  })

  test('and undoes nothing at Ctrl-C', async () => {
    const { screen, exitCode } = await answerOnTerminal(project, ['downgrade'], ctrlC)
    expect(screen).toContain('[answer.broken-off]')
    expect(exitCode).toBe(3)
    expect(await appliedIn(project, 'alpha')).toEqual(['001_pears'])
  })

  test('and goes on at a yes', async () => {
    expect(await answerOnTerminal(project, ['downgrade'], 'y\r')).toMatchObject({ exitCode: 0 })
    expect(await appliedIn(project, 'alpha')).toEqual([])
  })
})

describe('on a terminal, a drop and an add that look like a rename are asked about', () => {
  const created = async (answer: string): Promise<string> => {
    project.write(
      'alpha/prisma/schema.prisma',
      `datasource db {
  provider = "postgresql"
}

model Pear {
  id   Int    @id
  name String
  @@map("pear")
}
`,
    )
    const { screen, exitCode } = await answerOnTerminal(project, ['create', 'names'], answer)
    expect({ screen, exitCode }).toEqual({
      screen: expect.stringContaining('alpha: is name the new name of pear.title?'),
      exitCode: 0,
    })
    return readFileSync(join(project.directory, 'alpha/prisma/migrations/002_names/migration.sql'), 'utf8')
  }

  test('and become one at a yes', async () => {
    expect(await created('y\r')).toContain('ALTER TABLE "pear" RENAME COLUMN "title" TO "name";')
  })

  test('and stay what they are at a no', async () => {
    const script = await created('n\r')
    expect(script).toContain('DROP COLUMN "title"')
    expect(script).not.toContain('RENAME')
  })
})
