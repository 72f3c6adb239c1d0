import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { makeSocrates, makeTemplate, type Socrates, type SocratesTemplate } from './support/socrates.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

const ada = '0a5fbd4e-8f3a-4a52-9f0e-6c5d1a2b3c4d'
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
    'socrates_auth',
    `INSERT INTO users (id, email, username, hashed_password, name, surname)
     VALUES ('${ada}', 'ada@example.org', 'ada', 'x', 'Ada', 'L')`,
  )
  await socrates.query('socrates_specs', `INSERT INTO projects (user_id, name) VALUES ('${ada}', 'one')`)
})
afterEach(() => socrates.dispose())

async function json(line: string, exitCode = 0): Promise<Record<string, unknown>> {
  const result = await socrates.type(`${line} --json`)
  expect({ ...result }).toEqual({ ...result, exitCode, stderr: '' })
  return JSON.parse(result.stdout)
}

describe('pnpm db integrity scan', () => {
  test('finds nothing where every user exists', async () => {
    expect(await socrates.type('pnpm db integrity scan')).toEqual({
      exitCode: 0,
      stdout: '✅ socrates_specs after socrates_auth: 23 columns, no orphan\n',
      stderr: '',
    })
  })

  test('finds rows that name nobody, and ends with 4', async () => {
    await socrates.query(
      'socrates_specs',
      `INSERT INTO projects (user_id, name) VALUES ('${nobody}', 'two'), ('${nobody}', 'three')`,
    )
    const shown = await socrates.type('pnpm db integrity scan')
    expect(shown).toMatchObject({ exitCode: 4, stdout: expect.stringContaining(nobody) })
    expect(shown.stdout).toContain('❌ socrates_specs after socrates_auth: orphans in 1 column of 23')
    const { scans } = await json('pnpm db integrity scan', 4)
    expect(scans).toMatchObject([
      {
        source: 'socrates_auth',
        referencing: 'socrates_specs',
        columns: expect.arrayContaining([
          {
            column: 'public.projects.user_id',
            target: 'public.users.id',
            onDelete: 'Cascade',
            orphans: { ids: 1, rows: 2, deleted: 0 },
            kept: { ids: 0, rows: 0 },
            waiting: { ids: 0, rows: 0 },
            examples: [{ id: nobody, rows: 2, isDeleted: false }],
          },
        ]),
      },
    ])
  })

  test('leaves to the sweep what it has before it', async () => {
    expect((await socrates.type(`pnpm db integrity delete ${ada} --yes`)).exitCode).toBe(0)
    const { stdout, exitCode } = await socrates.type('pnpm db integrity scan')
    expect({ stdout, exitCode }).toEqual({
      exitCode: 0,
      stdout: '✅ socrates_specs after socrates_auth: 23 columns, no orphan (1 row to be swept)\n',
    })
  })

  test('gives the numbers to a monitor, also where orphans are', async () => {
    await socrates.query('socrates_specs', `INSERT INTO projects (user_id, name) VALUES ('${nobody}', 'two')`)
    const { stdout, exitCode } = await socrates.type('pnpm db integrity scan --metrics')
    expect(exitCode).toBe(0)
    expect(stdout.split('\n')).toContain(
      'integrity_orphan_rows{source="socrates_auth",referencing="socrates_specs",column="public.projects.user_id"} 1',
    )
    expect(stdout).toMatch(/^integrity_scan_timestamp_seconds\{.*\} \d{10}$/m)
  })
})
