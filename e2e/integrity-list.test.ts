import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { makeGuardedProject } from './support/guarded.ts'
import { type Project, variableOf } from './support/project.ts'
import { makeTenant, query, type Tenant } from './support/tenant.ts'

const ada = '0a5fbd4e-8f3a-4a52-9f0e-6c5d1a2b3c4d'

let tenant: Tenant
let project: Project
let urls: readonly string[]

beforeAll(async () => {
  tenant = await makeTenant()
  project = makeGuardedProject(tenant)
  urls = [tenant.url(tenant.newName()), tenant.url(tenant.newName())]
  project.write('members.txt', `a=${urls[0]}\nb=${urls[1]}\n`)
  project.write(
    'databases.config.ts',
    `
import { referenceIntegrity } from '@manybase/app-validation/migrate'
import { defineDatabases, fromFile, fromVariable } from '@manybase/migrator/config'

export default defineDatabases({
  integrity: referenceIntegrity(),
  databases: {
    auth: { directory: 'auth', url: fromVariable('${variableOf('auth')}') },
    specs: { directory: 'specs', urls: fromFile('members.txt') },
  },
})
`,
  )
  const { exitCode, stderr } = await project.db(['migrate'])
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr })
})
afterAll(async () => {
  project.dispose()
  await tenant.dispose()
})

async function json(args: readonly string[], exitCode = 0) {
  const result = await project.db([...args, '--json'])
  expect(result).toMatchObject({ exitCode })
  return JSON.parse(result.stdout)
}

test('a list that refers to a database is kept, swept and looked at member by member', async () => {
  await project.query('auth', `INSERT INTO users VALUES ('${ada}', 'Ada')`)
  for (const url of urls) await query(url, `INSERT INTO projects VALUES (1, '${ada}')`)
  expect(await json(['integrity', 'status'])).toMatchObject({
    references: [
      { column: 'specs/a.public.projects.user_id', isInPlace: true },
      { column: 'specs/b.public.projects.user_id', isInPlace: true },
      { column: 'specs/a.public.notes.user_id' },
      { column: 'specs/b.public.notes.user_id' },
    ],
    links: [{ referencing: 'specs/a' }, { referencing: 'specs/b' }],
    findings: [],
  })
  expect(await json(['integrity', 'delete', ada, '--yes'])).toMatchObject({ deleted: 1 })
  expect(await json(['integrity', 'sweep', '--only', 'specs/b'])).toMatchObject({
    sweeps: [{ referencing: 'specs/b', taken: 1, rows: 1, closed: 1 }],
  })
  const left = async () =>
    await Promise.all(urls.map(async (url) => (await query(url, 'TABLE projects')).length))
  expect(await left()).toEqual([1, 0])
  expect(await json(['integrity', 'sweep'])).toMatchObject({
    sweeps: [
      { referencing: 'specs/a', taken: 1, rows: 1, closed: 1 },
      { referencing: 'specs/b', taken: 0 },
    ],
  })
  expect(await left()).toEqual([0, 0])
  expect(await json(['integrity', 'receipts', ada])).toMatchObject({
    receipts: [{ referencing: 'specs/a' }, { referencing: 'specs/b' }],
  })
  expect(await json(['integrity', 'delete', ada, '--yes', '--only', 'specs/a'], 2)).toMatchObject({
    error: { code: 'delete.unasked', meta: { databases: ['specs/b'] } },
  })
})

test('members that lie in one PostgreSQL database are refused before anything is created', async () => {
  const name = tenant.newName()
  const member = (schema: string) => `${schema}=${tenant.url(name)}?schema=${schema}\n`
  project.write('members.txt', member('c') + member('d'))
  const { exitCode, stderr } = await project.db(['migrate'])
  expect(stderr).toContain('specs/c and specs/d lie in one PostgreSQL database. [integrity.members-together]')
  expect(exitCode).toBe(2)
  expect(await tenant.asAdmin(`SELECT FROM pg_database WHERE datname = '${name}'`)).toEqual([])
})
