import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { Client } from 'pg'
import { startSweepers } from '../faults/sweepers.ts'
import type { Person } from '../people.ts'
import type { Target } from '../place/tables.ts'
import { makeStage, type Stage } from '../stage.ts'
import { create } from '../work/create.ts'
import { recreate } from '../work/return.ts'
import { recreateFromBefore } from '../work/return-old.ts'
import { carryOut } from '../work/write.ts'
import type { Task } from '../worker/messages.ts'
import { judge } from './judge.ts'
import { plain } from './unwritable.ts'

/** Making two servers ready takes its time on a busy machine. */
jest.setTimeout(400_000)

// Each test breaks one part of what keeps references, and expects the verdict: a judge who can't find anything proves
// nothing. What it broke it repairs, so that the next one finds nothing else.
let stage: Stage
let a: Client
let b: Client
beforeAll(async () => {
  stage = await makeStage({ seed: 1, guarded: true })
  const { scene } = stage
  ;[a, b] = [await scene.place.connect('auth'), await scene.place.connect('specs')]
  for (const target of ['users', 'members'] as const) await create(scene, target, 10)
})
afterAll(async () => {
  await a.end()
  await b.end()
  await stage[Symbol.asyncDispose]()
})

const someone = (target: Target): Person => {
  const person = stage.scene.people.every(target, 'living')[0]
  if (!person) throw new Error(`none of the ${target} is left`)
  return person
}

const insertion = (table: string, ...values: readonly (string | null)[]): Task & { readonly id: string } => {
  const id = randomUUID()
  return { kind: 'raw', statement: 'insert', table, rows: [{ id, values }], manner: plain, id }
}

/** Deletes a member past everything, as anybody may. */
async function removeMember(person: Person): Promise<void> {
  await a.query('DELETE FROM members WHERE id = $1', [person.id])
  person.state = 'gone'
}

const sweep = () => stage.scene.place.run('integrity', 'sweep')

/** What the judge finds, each as `kind: what`. */
const verdict = async () => (await judge(stage.scene)).violations.map(({ kind, what }) => `${kind}: ${what}`)

describe('the judge', () => {
  test('finds nothing where all is well, also after a deletion that was swept', async () => {
    const [user, member] = [someone('users'), someone('members')]
    await carryOut(stage.scene, insertion('marks', member.id, null, user.id))
    await carryOut(stage.scene, insertion('teams', user.id))
    await removeMember(member)
    await sweep()
    expect(await verdict()).toEqual([])
  })

  test('finds the orphans and the open deletion of a sweeper that doesn’t work', async () => {
    const member = someone('members')
    await carryOut(stage.scene, insertion('slows', member.id))
    await removeMember(member)
    expect(await verdict()).toEqual([
      `orphan: 1 rows of slows.member_id name members ${member.id}, who isn't there`,
      `unswept: the deletion of public.members.id ${member.id} has no receipt`,
    ])
    await sweep()
    expect(await verdict()).toEqual([])
  })

  test('finds a sweep that was left open', async () => {
    const member = someone('members')
    await removeMember(member)
    await sweep()
    await b.query('UPDATE integrity.tombstone SET swept_at = NULL WHERE id = $1', [member.id])
    expect(await verdict()).toEqual([`unswept: the deletion of ${member.id} is not closed`])
    await b.query('UPDATE integrity.tombstone SET swept_at = now() WHERE id = $1', [member.id])
  })

  test('finds the rows that a sweeper took from somebody who lives', async () => {
    const member = someone('members')
    const [gone, emptied] = [insertion('parts', member.id), insertion('marks', member.id, member.id, null)]
    for (const task of [gone, emptied]) await carryOut(stage.scene, task)
    await b.query('DELETE FROM parts WHERE id = $1', [gone.id])
    await b.query('UPDATE marks SET marked_by = NULL WHERE id = $1', [emptied.id])
    expect(await verdict()).toEqual([
      `lost: row ${emptied.id} of marks: marked_by is null, and ${member.id} was committed, who lives`,
      `lost: row ${gone.id} of parts: it is gone, though it was committed and names ${member.id}`,
    ])
    for (const { id } of [gone, emptied]) stage.scene.book.take(id)
  })

  test('finds a refusal for somebody who lives, by the fence and by the guard', async () => {
    const user = someone('users')
    await b.query(
      `INSERT INTO integrity.tombstone (source, target, id, epoch, xid, deleted_at, cleared_at, swept_at)
       VALUES ('socrates_auth', 'public.users.id', $1, 'none', '1', now(), now(), now())`,
      [user.id],
    )
    await carryOut(stage.scene, insertion('projects', user.id))
    const rows = [{ id: randomUUID(), values: [user.id] }]
    await carryOut(stage.scene, { kind: 'prisma', form: 'create', mode: 'locked', table: 'projects', rows })
    await b.query(`DELETE FROM integrity.tombstone WHERE epoch = 'none'`)
    const falsely = `false-refusal: a write of projects was refused, since ${user.id} should be missing`
    expect(await verdict()).toEqual([falsely, falsely])
    stage.scene.book.forget(user.id)
    await b.query('DELETE FROM projects WHERE user_id = $1', [user.id])
  })

  test('finds a receipt that was changed', async () => {
    const { rows } = await b.query<{ id: string }>('SELECT id FROM integrity.receipt LIMIT 1')
    const id = rows[0]?.id
    await b.query('CREATE TABLE kept AS SELECT id, done FROM integrity.receipt')
    await b.query(`UPDATE integrity.receipt SET done = '{}' WHERE id = $1`, [id])
    expect(await verdict()).toEqual([expect.stringMatching(/^receipts: batch \d+: /)])
    await b.query('UPDATE integrity.receipt r SET done = kept.done FROM kept WHERE kept.id = r.id')
    await b.query('DROP TABLE kept')
  })

  test('finds a living user whom nobody can name', async () => {
    const user = someone('users')
    await b.query(
      `INSERT INTO integrity.reservation (source, target, id, token)
       VALUES ('socrates_auth', 'public.users.id', $1, gen_random_uuid())`,
      [user.id],
    )
    expect(await verdict()).toEqual([
      `unwritable: naming user ${user.id} in teams ended with {"kind":"retry","why":"40001"}`,
    ])
    await b.query('DELETE FROM integrity.reservation')
    expect(await verdict()).toEqual([])
  })

  test('finds whoever came back without being revived, at once and in the end', async () => {
    const { scene } = stage
    const member = someone('members')
    await removeMember(member)
    await sweep()
    await a.query(`DO $$ DECLARE known record; BEGIN
      FOR known IN SELECT tgname FROM pg_trigger JOIN pg_proc p ON p.oid = tgfoid
        WHERE tgrelid = 'members'::regclass AND proname LIKE 'reuse%'
      LOOP EXECUTE format('DROP TRIGGER %I ON members', known.tgname); END LOOP; END $$`)
    await a.query('INSERT INTO members SELECT $1, id FROM circles LIMIT 1', [member.id])
    expect(await verdict()).toEqual([`recreated: members ${member.id} is there again after its deletion`])
    await a.query('DELETE FROM members WHERE id = $1', [member.id])
    while (scene.violations.length === 0) await recreate(scene)
    while (scene.violations.length === 1) await recreateFromBefore(scene)
    expect(scene.violations.map(({ kind, what }) => `${kind}: ${what}`)).toEqual([
      expect.stringMatching(/^recreated: members \d+ was inserted again after its deletion$/),
      expect.stringMatching(
        /^recreated: members \d+ was inserted by a transaction from before its deletion$/,
      ),
    ])
  })
})

test('a sweeper that ends by itself is told of, and started again', async () => {
  const again = Promise.withResolvers<void>()
  let starts = 0
  const sweepers = startSweepers(
    {
      start: () => {
        starts += 1
        if (starts === 2) again.resolve()
        return spawn(process.execPath, ['-e', 'console.error("no more"); process.exitCode = 1'])
      },
    },
    1,
  )
  await again.promise
  expect((await sweepers.stop())[0]).toBe('a sweeper ended by itself with 1: no more\n')
})
