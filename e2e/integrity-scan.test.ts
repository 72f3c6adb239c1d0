import { describe, expect, test } from '@jest/globals'
import { ada, eachWithPeople, insertUser, nobody } from './support/people.ts'

const people = eachWithPeople(async ({ query }) => {
  await query('socrates_auth', insertUser(ada, 'ada'))
  await query('socrates_specs', `INSERT INTO projects (user_id, name) VALUES ('${ada}', 'one')`)
})

describe('pnpm db integrity scan', () => {
  test('finds nothing where every user exists', async () => {
    expect(await people.type('pnpm db integrity scan')).toMatchObject({
      exitCode: 0,
      stdout: '✅ socrates_specs after socrates_auth: 23 columns, no orphan\n',
    })
  })

  test('finds rows that name nobody, and ends with 4', async () => {
    await people.query(
      'socrates_specs',
      `INSERT INTO projects (user_id, name) VALUES ('${nobody}', 'two'), ('${nobody}', 'three')`,
    )
    const shown = await people.type('pnpm db integrity scan')
    expect(shown).toMatchObject({ exitCode: 4, stdout: expect.stringContaining(nobody) })
    expect(shown.stdout).toContain('❌ socrates_specs after socrates_auth: orphans in 1 column of 23')
    const { scans } = await people.json('pnpm db integrity scan', 4)
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
    expect((await people.type(`pnpm db integrity delete ${ada} --yes`)).exitCode).toBe(0)
    const { stdout, exitCode } = await people.type('pnpm db integrity scan')
    expect({ stdout, exitCode }).toEqual({
      exitCode: 0,
      stdout: '✅ socrates_specs after socrates_auth: 23 columns, no orphan (1 row to be swept)\n',
    })
  })

  test('gives the numbers to a monitor, also where orphans are', async () => {
    await people.query('socrates_specs', `INSERT INTO projects (user_id, name) VALUES ('${nobody}', 'two')`)
    const { stdout, exitCode } = await people.type('pnpm db integrity scan --metrics')
    expect(exitCode).toBe(0)
    expect(stdout.split('\n')).toContain(
      'integrity_orphan_rows{source="socrates_auth",referencing="socrates_specs",column="public.projects.user_id"} 1',
    )
    expect(stdout).toMatch(/^integrity_scan_timestamp_seconds\{.*\} \d{10}$/m)
  })
})
