import { setTimeout as sleep } from 'node:timers/promises'
import { errorCode } from '@manybase/failure'
import type { Client } from 'pg'
import type { Person } from '../people.ts'
import { insert } from './create.ts'
import { finishReturn, lift } from './return.ts'
import type { Scene } from './scene.ts'

/** How long a transaction stays open that began before a deletion: it holds up the horizon of the log. */
const patience = 3_000

/**
 * Deletes somebody, and has a transaction that began before the deletion, and doesn't see it, insert the same id. It
 * must be refused, unless the id was revived meanwhile.
 */
export async function recreateFromBefore(scene: Scene): Promise<void> {
  const { place, people, random, book, tally } = scene
  const person = random.any(people.every('members', 'living'))
  if (!person || !place.guarded) return
  person.state = 'doomed'
  const isolation = random.pick(['REPEATABLE READ', 'SERIALIZABLE'])
  const before = await place.connect('auth')
  try {
    await before.query(`BEGIN ISOLATION LEVEL ${isolation}`)
    await before.query('SELECT count(*) FROM members')
    book.note(person.id, `a transaction begins that will insert it, ${isolation}`)
    await deleteDurably(scene, person)
    const isRevived = random.chance(0.5) && (await reviveInTime(scene, person))
    const ending = await insertAgain(before, person)
    book.note(person.id, `inserted from before its deletion: ${ending}`)
    tally.add(`recreate from before${isRevived ? ', revived' : ''}: ${ending}`)
    if (isRevived) return await finishReturn(scene, person)
    if (ending !== 'succeeded') {
      person.state = 'gone'
      return
    }
    const what = `${person.target} ${person.id} was inserted by a transaction from before its deletion`
    scene.violations.push({ kind: 'recreated', what, history: book.historyOf(person.id) })
  } finally {
    await before.end().catch(() => {})
  }
}

/** @throws when it isn't known whether it was deleted; the person stays doomed */
async function deleteDurably({ place, book }: Scene, person: Person): Promise<void> {
  const client = await place.connect('auth')
  try {
    await client.query('SET synchronous_commit = on')
    book.note(person.id, 'delete begins, past a transaction that will insert it again')
    const { rowCount } = await client.query(`DELETE FROM ${person.target} WHERE id = $1`, [person.id])
    book.note(person.id, `delete ends: ${rowCount} rows`)
    // Nobody else brings it back.
    person.state = 'reviving'
  } finally {
    await client.end().catch(() => {})
  }
}

/** @returns whether its sweep was complete in time; if so the person's next life has begun */
async function reviveInTime(scene: Scene, person: Person): Promise<boolean> {
  for (const end = performance.now() + patience; performance.now() < end; await sleep(200)) {
    try {
      await lift(scene, person)
      person.life += 1
      return true
    } catch (error) {
      if (errorCode(error) !== 'revive.too-early') throw error
    }
  }
  return false
}

async function insertAgain(client: Client, person: Person): Promise<string> {
  try {
    await insert(client, person.target, [person.id])
    await client.query('COMMIT')
    return 'succeeded'
  } catch (error) {
    return `refused: ${errorCode(error) ?? 'connection'}`
  }
}
