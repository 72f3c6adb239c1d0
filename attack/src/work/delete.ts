import { setTimeout as sleep } from 'node:timers/promises'
import { deleteArbitrated, openSession } from '@manybase/app-validation'
import { errorCode, errorMessage, isFailure } from '@manybase/failure'
import type { Person } from '../people.ts'
import { databases } from '../place/project.ts'
import type { Target } from '../place/tables.ts'
import { cascadeNaively } from './naive.ts'
import type { Scene } from './scene.ts'

/** A way of deleting: the statement, whom it deletes, and how its transaction goes. */
interface Way {
  readonly sql: string
  readonly values: readonly unknown[]
  readonly victims: readonly Person[]
  readonly isolation: string
  readonly pause: number
  readonly commit: 'plain' | 'prepared' | 'rolled back'
  readonly durable: boolean
}

/** How long the arbiter waits for transactions under way. */
const patience = 15_000

type Ending = 'committed' | 'refused' | 'lost'

/** Deletes somebody, and notes what became of it. */
export async function remove(scene: Scene): Promise<void> {
  const { random, place, book, tally } = scene
  const target = random.pick(['users', 'members'])
  const arbitrated = target === 'users' && place.guarded
  const way = planWay(scene, target)
  if (!way) return
  const doomed = way.victims.filter(({ state }) => state === 'living')
  for (const person of doomed) person.state = 'doomed'
  for (const person of way.victims) {
    if (!way.durable) person.mayHaveBlinked = true
    book.note(
      person.id,
      `delete begins: ${arbitrated ? 'arbitrated' : way.sql}${way.durable ? '' : ', not durable'}`,
    )
  }
  const { ending, why } = await attempt(() =>
    arbitrated ? deleteThroughArbiter(scene, way) : deleteRaw(scene, way),
  )
  tally.add(`delete ${target} ${ending}${why}`)
  for (const person of way.victims) book.note(person.id, `delete ends: ${ending}${why}`)
  for (const person of doomed) {
    if (ending !== 'lost') person.state = ending === 'committed' ? 'gone' : 'living'
  }
  if (!place.guarded && ending !== 'refused') {
    await cascadeNaively(
      scene,
      target,
      way.victims.map(({ id }) => id),
    )
  }
}

async function attempt(work: () => Promise<Ending>): Promise<{ ending: Ending; why: string }> {
  try {
    return { ending: await work(), why: '' }
  } catch (error) {
    const code = errorCode(error) ?? errorMessage(error).slice(0, 60)
    // Classes of conditions that a server answers with when it hasn't done it: constraint, rollback, lock, and ours.
    const isRefusal = isFailure(error) || /^(23|40|55P03|IR)/.test(code)
    return { ending: isRefusal ? 'refused' : 'lost', why: `: ${code}` }
  }
}

function planWay(scene: Scene, target: Target): Way | undefined {
  const { random, people, place } = scene
  const living = people.every(target, 'living')
  const first = random.any(living)
  if (!first) return undefined
  const some = [first, ...Array.from({ length: random.below(12) }, () => random.any(living) ?? first)]
  const form =
    target === 'users'
      ? random.pick(['single', 'bulk'])
      : random.pick(['single', 'bulk', 'merge', 'circle', 'realm'])
  const manner = {
    isolation: random.pick(['READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE']),
    pause: random.chance(0.3) ? random.below(500) : 0,
    commit: random.pick<Way['commit']>([
      'plain',
      'plain',
      'plain',
      'plain',
      'rolled back',
      place.announces ? 'plain' : 'prepared',
    ]),
    durable: !random.chance(0.3),
  }
  const circleOf = ({ id }: Person) => Math.floor(Number(id) / 10)
  const realmOf = ({ id }: Person) => Math.floor(Number(id) / 100)
  const within = (of: (person: Person) => number) =>
    [...people.all()].filter((person) => person.target === target && of(person) === of(first))
  switch (form) {
    case 'single':
      return { ...manner, sql: `DELETE FROM ${target} WHERE id = $1`, values: [first.id], victims: [first] }
    case 'bulk': {
      const victims = [...new Set(some)]
      const type = target === 'users' ? 'uuid' : 'bigint'
      const sql = `DELETE FROM ${target} WHERE id = ANY ($1::text[]::${type}[])`
      return { ...manner, sql, values: [victims.map(({ id }) => id)], victims }
    }
    case 'merge': {
      const sql =
        'MERGE INTO members m USING (SELECT $1::bigint AS id) d ON m.id = d.id WHEN MATCHED THEN DELETE'
      return { ...manner, sql, values: [first.id], victims: [first] }
    }
    case 'circle':
      return {
        ...manner,
        sql: 'DELETE FROM circles WHERE id = $1',
        values: [circleOf(first)],
        victims: within(circleOf),
      }
    case 'realm':
      return {
        ...manner,
        sql: 'DELETE FROM realms WHERE id = $1',
        values: [realmOf(first)],
        victims: within(realmOf),
      }
  }
}

async function deleteRaw({ place, random }: Scene, way: Way): Promise<Ending> {
  const client = await place.connect('auth')
  try {
    await client.query(`SET synchronous_commit = ${way.durable ? 'on' : 'off'}`)
    await client.query(`BEGIN ISOLATION LEVEL ${way.isolation}`)
    await client.query(way.sql, [...way.values])
    await sleep(way.pause)
    if (way.commit === 'rolled back') {
      await client.query('ROLLBACK')
      return 'refused'
    }
    if (way.commit === 'plain') {
      await client.query('COMMIT')
      return 'committed'
    }
    const name = random.uuid()
    await client.query(`PREPARE TRANSACTION '${name}'`)
    await sleep(way.pause)
    await client.query(`COMMIT PREPARED '${name}'`)
    return 'committed'
  } finally {
    await client.end().catch(() => {})
  }
}

/** The public way, with sessions that get cut like any others. */
async function deleteThroughArbiter({ place }: Scene, way: Way): Promise<Ending> {
  const open = (side: 'auth' | 'specs') =>
    openSession({
      database: { name: databases[side].name, pool: () => ({ connectionString: place.url(side) }) },
      side: side === 'auth' ? 'referenced' : 'referencing',
      name: 'attack: delete',
    })
  const [arbiter, deleter, b] = await Promise.all([open('auth'), open('auth'), open('specs')])
  try {
    if (!way.durable) await deleter.query('SET synchronous_commit = off')
    const ids = way.victims.map(({ id }) => id)
    const parties = [{ link: place.link, b }]
    await deleteArbitrated(
      arbiter,
      deleter,
      parties,
      { target: 'public.users.id', ids },
      { signal: AbortSignal.timeout(patience) },
    )
    return 'committed'
  } finally {
    for (const session of [arbiter, deleter, b]) await session.end().catch(() => {})
  }
}
