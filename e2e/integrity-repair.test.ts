import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { makeSocrates, makeTemplate, type Socrates, type SocratesTemplate } from './support/socrates.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

const nobody = 'deadbd4e-8f3a-4a52-9f0e-6c5d1a2b3c4d'

let tenant: Tenant
let template: SocratesTemplate
let socrates: Socrates

beforeAll(async () => {
  tenant = await makeTenant()
  template = await makeTemplate(tenant)
})
afterAll(() => tenant.dispose())
beforeEach(async () => {
  socrates = await makeSocrates(template)
  await socrates.query(
    'socrates_specs',
    `WITH project AS (INSERT INTO projects (user_id, name) VALUES ('${nobody}', 'one') RETURNING id)
     INSERT INTO sessions (project_id, user_id, mode) SELECT id, '${nobody}', 'socratic' FROM project`,
  )
})
afterEach(() => socrates.dispose())

const everything = async () => [
  await socrates.query('socrates_specs', 'SELECT * FROM projects'),
  await socrates.query('socrates_specs', 'SELECT * FROM sessions'),
]

async function json(line: string, exitCode = 0): Promise<Record<string, unknown>> {
  const result = await socrates.type(`${line} --json`)
  expect({ ...result }).toEqual({ ...result, exitCode })
  return JSON.parse(result.stdout)
}

describe('pnpm db integrity repair', () => {
  test('says what it would do, and does nothing', async () => {
    const before = await everything()
    const { exitCode, stdout } = await socrates.type('pnpm db integrity repair')
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/public\.projects\.user_id +move to quarantine +1 +1\n/)
    expect(await everything()).toEqual(before)
  })

  test('asks first, and needs --yes where nobody can answer', async () => {
    const before = await everything()
    expect(await json('pnpm db integrity repair --apply', 2)).toMatchObject({
      error: { code: 'answer.missing' },
    })
    expect(await everything()).toEqual(before)
  })

  test('takes out what names nobody, and puts it back as it was', async () => {
    const before = await everything()
    const { run, repairs } = await json('pnpm db integrity repair --apply --yes')
    expect(repairs).toMatchObject([
      { columns: [{ column: 'public.projects.user_id', action: 'quarantine', rows: 1 }] },
    ])
    expect(await everything()).toEqual([[], []])
    expect((await socrates.type('pnpm db integrity scan')).exitCode).toBe(0)
    const undone = await socrates.type(`pnpm db integrity repair --undo ${run}`)
    expect(undone).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('1 row of public.projects put back'),
    })
    expect(await everything()).toEqual(before)
    expect(await json(`pnpm db integrity repair --undo ${run}`, 2)).toMatchObject({
      error: { code: 'repair.unknown' },
    })
  })

  test('has nothing to do where there is no orphan', async () => {
    await json('pnpm db integrity repair --apply --action delete --yes')
    expect(await json('pnpm db integrity repair --apply')).toEqual({ applied: true, run: null, repairs: [] })
  })
})
