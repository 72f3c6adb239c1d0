import { describe, expect, test } from '@jest/globals'
import { eachWithPeople, nobody } from './support/people.ts'

const people = eachWithPeople(async ({ query }) => {
  await query(
    'socrates_specs',
    `WITH project AS (INSERT INTO projects (user_id, name) VALUES ('${nobody}', 'one') RETURNING id)
     INSERT INTO sessions (project_id, user_id, mode) SELECT id, '${nobody}', 'socratic' FROM project`,
  )
})

const everything = async () => [
  await people.query('socrates_specs', 'SELECT * FROM projects'),
  await people.query('socrates_specs', 'SELECT * FROM sessions'),
]

describe('pnpm db integrity repair', () => {
  test('says what it would do, and does nothing', async () => {
    const before = await everything()
    const { exitCode, stdout } = await people.type('pnpm db integrity repair')
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/public\.projects\.user_id +move to quarantine +1 +1\n/)
    expect(await everything()).toEqual(before)
  })

  test('asks first, and needs --yes where nobody can answer', async () => {
    const before = await everything()
    expect(await people.json('pnpm db integrity repair --apply', 2)).toMatchObject({
      error: { code: 'answer.missing' },
    })
    expect(await everything()).toEqual(before)
  })

  test('takes out what names nobody, and puts it back as it was', async () => {
    const before = await everything()
    const { run, repairs } = await people.json('pnpm db integrity repair --apply --yes')
    expect(repairs).toMatchObject([
      { columns: [{ column: 'public.projects.user_id', action: 'quarantine', rows: 1 }] },
    ])
    expect(await everything()).toEqual([[], []])
    expect((await people.type('pnpm db integrity scan')).exitCode).toBe(0)
    const undone = await people.type(`pnpm db integrity repair --undo ${run}`)
    expect(undone).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('1 row of public.projects put back'),
    })
    expect(await everything()).toEqual(before)
    expect(await people.json(`pnpm db integrity repair --undo ${run}`, 2)).toMatchObject({
      error: { code: 'repair.unknown' },
    })
  })

  test('names the way back of what it did before it was stopped', async () => {
    await people.query(
      'socrates_specs',
      `CREATE FUNCTION public.hold() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
       CREATE TRIGGER hold BEFORE DELETE ON sessions FOR EACH ROW EXECUTE FUNCTION public.hold()`,
    )
    const stopped = await people.type('pnpm db integrity repair --apply --yes --action delete')
    expect(stopped).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('[repair.blocked]') })
    expect(stopped.stderr).toMatch(
      /^What was kept before goes back by pnpm db integrity repair --undo [0-9a-f-]{36}$/m,
    )
  })

  test('has nothing to do where there is no orphan', async () => {
    await people.json('pnpm db integrity repair --apply --action delete --yes')
    expect(await people.json('pnpm db integrity repair --apply')).toEqual({
      applied: true,
      run: null,
      repairs: [],
    })
  })
})
