import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { ada, bob, eachWithPeople, insertUser } from './support/people.ts'

const people = eachWithPeople(async ({ query }) => {
  await query('socrates_auth', `${insertUser(ada, 'ada')}; ${insertUser(bob, 'bob')}`)
  await query(
    'socrates_specs',
    `INSERT INTO projects (user_id, name) VALUES ('${ada}', 'one'), ('${ada}', 'two'), ('${bob}', 'three')`,
  )
})

const projectsOf = async (user: string) =>
  (await people.query('socrates_specs', `SELECT FROM projects WHERE user_id = '${user}'`)).length

describe('pnpm db integrity', () => {
  test('deletes a user, sweeps what names it, and shows the receipt', async () => {
    expect(await people.json(`pnpm db integrity delete ${ada} --yes`)).toMatchObject({
      source: 'socrates_auth',
      target: 'public.users.id',
      deleted: 1,
    })
    expect(await projectsOf(ada)).toBe(2)
    expect(await people.json('pnpm db integrity sweep')).toEqual({
      sweeps: [{ source: 'socrates_auth', referencing: 'socrates_specs', taken: 1, rows: 2, closed: 1 }],
    })
    expect([await projectsOf(ada), await projectsOf(bob)]).toEqual([0, 1])
    expect(await people.json(`pnpm db integrity receipts ${ada}`)).toMatchObject({
      receipts: [{ id: ada, done: { 'public.projects.user_id': { action: 'Cascade', rows: 2, left: 0 } } }],
    })
    const shown = await people.type('pnpm db integrity receipts')
    expect(shown.stdout).toContain('public.projects.user_id  Cascade  2')
    expect(await people.json('pnpm db integrity receipts --verify')).toEqual({ broken: [] })
    await people.query('socrates_specs', "UPDATE integrity.receipt SET done = '{}'")
    expect(await people.json('pnpm db integrity receipts --verify', 4)).toMatchObject({
      broken: [{ batch: 1, problem: 'its receipts were changed' }],
    })
  })

  test('refuses to delete whom an invoice or a team needs, and leaves nothing behind', async () => {
    await people.query(
      'socrates_specs',
      `INSERT INTO teams (owner_id, name, slug) VALUES ('${ada}', 'T', 't')`,
    )
    expect(await people.json(`pnpm db integrity delete ${ada} --yes`, 2)).toMatchObject({
      error: {
        code: 'delete.restricted',
        why: expect.stringContaining('1 in public.teams.owner_id of socrates_specs'),
      },
    })
    expect(await people.json(`pnpm db integrity delete ${bob} --yes`)).toMatchObject({ deleted: 1 })
  })

  test('does not wait for ever for who may name the row, and says who that is', async () => {
    const long = people.query('socrates_specs', 'SELECT pg_sleep(60)').catch((error) => error)
    expect(await people.json(`pnpm db integrity delete ${ada} --yes --timeout 500ms`, 2)).toMatchObject({
      error: {
        code: 'delete.held',
        what: expect.stringContaining('within 0.5 s'),
        meta: { database: 'socrates_specs', holders: [{ kind: 'virtual', pid: expect.any(Number) }] },
      },
    })
    await people.query(
      'socrates_specs',
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)'",
    )
    expect(await long).toMatchObject({ code: '57P01' })
    expect(await people.json(`pnpm db integrity delete ${ada} --yes`)).toMatchObject({ deleted: 1 })
  })

  test('asks before it deletes, and needs --yes where nobody can answer', async () => {
    expect(await people.json(`pnpm db integrity delete ${ada}`, 2)).toMatchObject({
      error: { code: 'answer.missing' },
    })
  })

  test('lets an id be used again only after its sweep', async () => {
    await people.json(`pnpm db integrity delete ${ada} --yes`)
    expect(await people.json(`pnpm db integrity revive ${ada}`, 2)).toMatchObject({
      error: { code: 'revive.too-early' },
    })
    await people.json('pnpm db integrity sweep')
    expect(await people.json(`pnpm db integrity revive ${ada}`)).toMatchObject({ revived: true })
    expect(await people.json(`pnpm db integrity revive ${ada}`)).toMatchObject({ revived: false })
  })

  test('sweeps nothing while it is paused', async () => {
    await people.json(`pnpm db integrity delete ${ada} --yes`)
    await people.json("pnpm db integrity pause --reason 'a restore'")
    expect(await people.json('pnpm db integrity sweep', 2)).toMatchObject({
      error: { code: 'sweep.paused', why: expect.stringContaining('a restore') },
    })
    expect(await projectsOf(ada)).toBe(2)
    expect(await people.json('pnpm db integrity resume')).toMatchObject({
      resumed: [{ was: { reason: 'a restore' } }],
    })
    await people.json('pnpm db integrity sweep')
    expect(await projectsOf(ada)).toBe(0)
  })

  test('goes on after a restore only when it is accepted who lives again', async () => {
    await people.json(`pnpm db integrity delete ${ada} --yes`)
    await people.json('pnpm db integrity sweep')
    // What a backup from before the deletion has and has not.
    await people.query(
      'socrates_auth',
      `DELETE FROM integrity.delete_log; DELETE FROM integrity.consumer; DELETE FROM integrity.intent;
       ${insertUser(ada, 'ada')}`,
    )
    expect(await people.json('pnpm db integrity sweep', 2)).toMatchObject({
      error: { code: 'sweep.paused', why: expect.stringContaining('was restored to the past') },
    })
    expect(await people.json('pnpm db integrity status', 4)).toMatchObject({
      findings: [{ kind: 'integrity.frozen' }],
    })
    expect(await people.json('pnpm db integrity resume', 2)).toMatchObject({
      error: { code: 'resume.living', what: expect.stringContaining(ada) },
    })
    const { stdout } = await people.type('pnpm db integrity resume --accept')
    expect(stdout).toContain('1 deleted id may live again')
    await people.json('pnpm db integrity sweep')
    await people.query('socrates_specs', `INSERT INTO projects (user_id, name) VALUES ('${ada}', 'new')`)
    expect(await projectsOf(ada)).toBe(1)
  })

  test('watches until it is stopped, and tells what it does', async () => {
    const { child, result } = people.startTyping('pnpm db integrity sweep --watch --json')
    let told = ''
    child.stdout.on('data', (text) => (told += text))
    const until = async (kind: string) => {
      for (let looks = 0; !told.includes(`"kind":"${kind}"`); looks++) {
        if (looks === 400) throw new Error(`it never told of "${kind}": ${told}`)
        await sleep(50)
      }
    }
    await until('connected')
    await people.json(`pnpm db integrity delete ${ada} --yes`)
    await until('closed')
    child.kill('SIGTERM')
    expect((await result).exitCode).toBe(0)
    expect(await projectsOf(ada)).toBe(0)
  })

  test('names the tables that can be meant', async () => {
    expect(await people.json(`pnpm db integrity delete --table teams ${ada} --yes`, 2)).toMatchObject({
      error: {
        code: 'integrity.target-unknown',
        why: expect.stringContaining('socrates_auth:public.users.id'),
      },
    })
    expect(await people.json(`pnpm db integrity delete --table users ${ada} --yes`)).toMatchObject({
      deleted: 1,
    })
  })
})
