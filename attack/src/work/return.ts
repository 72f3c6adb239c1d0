import { openSession, revive } from '@manybase/app-validation'
import { errorCode } from '@manybase/failure'
import type { Person } from '../people.ts'
import { databases } from '../place/project.ts'
import type { Target } from '../place/tables.ts'
import { insert } from './create.ts'
import type { Scene } from './scene.ts'

/** Somebody who is gone; rather one of those who were made first, so that the sweep may have come by. */
function anybody({ random, people }: Scene): Person | undefined {
  const gone = people.every(random.pick(['users', 'members']), 'gone')
  return random.any(random.chance(0.5) ? gone.slice(0, 50) : gone)
}

/** Tries to insert a deleted id as if nothing had been. It must be refused. */
export async function recreate(scene: Scene): Promise<void> {
  const person = anybody(scene)
  if (!person) return
  // Nobody revives it meanwhile.
  person.state = 'reviving'
  const { place, random, book, tally, violations } = scene
  try {
    const client = await place.connect('auth')
    try {
      const isolation = random.pick(['READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE'])
      await client.query(`SET default_transaction_isolation = '${isolation.toLowerCase()}'`)
      await insert(client, person.target, [person.id])
    } finally {
      await client.end().catch(() => {})
    }
    tally.add('recreate succeeded')
    if (place.guarded) {
      const what = `${person.target} ${person.id} was inserted again after its deletion`
      violations.push({ kind: 'recreated', what, history: book.historyOf(person.id) })
    }
    person.life += 1
    person.state = 'living'
  } catch (error) {
    tally.add(`recreate refused: ${errorCode(error) ?? 'connection'}`)
    person.state = 'gone'
  }
}

/** Lifts the ban on a deleted id, and brings it back. Whatever breaks off is finished at the end. */
export async function bringBack(scene: Scene): Promise<void> {
  const person = anybody(scene)
  if (!person || !scene.place.guarded) return
  person.state = 'reviving'
  person.life += 1
  scene.book.note(person.id, 'revive begins')
  try {
    await finishReturn(scene, person)
    scene.tally.add('revived')
  } catch (error) {
    const code = errorCode(error) ?? 'connection'
    scene.tally.add(`revive failed: ${code}`)
    scene.book.note(person.id, `revive failed: ${code}`)
    if (code === 'revive.too-early') person.state = 'gone'
  }
}

/** Lifts the ban on a deleted id, the public way. @throws `revive.too-early`, and what the driver throws */
export async function lift({ place }: Scene, person: Person): Promise<void> {
  const open = (side: 'auth' | 'specs') =>
    openSession({
      database: { name: databases[side].name, pool: () => ({ connectionString: place.url(side) }) },
      side: side === 'auth' ? 'referenced' : 'referencing',
      name: 'attack: revive',
    })
  const a = await open('auth')
  const b = await open('specs').catch(async (error) => {
    await a.end().catch(() => {})
    throw error
  })
  try {
    await revive(a, [{ link: place.link, b }], `public.${person.target}.id`, person.id)
  } finally {
    await Promise.all([a.end().catch(() => {}), b.end().catch(() => {})])
  }
}

/**
 * Revives and inserts again. May be repeated: an id whose ban is lifted already is inserted all the same.
 * @throws `revive.too-early`, and what the driver throws
 */
export async function finishReturn(scene: Scene, person: Person): Promise<void> {
  const { place, book } = scene
  await lift(scene, person)
  const client = await place.connect('auth')
  try {
    await insert(client, person.target, [person.id])
    book.note(person.id, 'revived and made again')
  } catch (error) {
    // It is there: an attempt before did it, and its answer was lost.
    if (errorCode(error) !== '23505') throw error
  } finally {
    await client.end().catch(() => {})
  }
  person.life += 1
  person.state = 'living'
}

/** Tables whose rows can be deleted. */
export const targets: readonly Target[] = ['users', 'members']
