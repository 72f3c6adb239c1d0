import { setTimeout as sleep } from 'node:timers/promises'
import { makeBook } from './book.ts'
import { breakSomething } from './faults/faults.ts'
import { endPrepared } from './faults/prepared.ts'
import { type Sweepers, startSweepers } from './faults/sweepers.ts'
import { heal } from './heal.ts'
import { judge } from './judge/judge.ts'
import type { Violation } from './judge/violation.ts'
import { makePeople } from './people.ts'
import { makePlace, type Place, sides } from './place/place.ts'
import { makeRandom } from './random.ts'
import { makeTally } from './tally.ts'
import { create } from './work/create.ts'
import { makeCrew } from './work/crew.ts'
import { remove } from './work/delete.ts'
import { bringBack, recreate, targets } from './work/return.ts'
import type { Scene } from './work/scene.ts'
import { write } from './work/write.ts'

export interface AttackOptions {
  readonly seed: number
  /** How long it is attacked, in milliseconds; making ready and judging come on top. */
  readonly duration: number
  /** false: check-then-write, with nothing installed. */
  readonly guarded: boolean
  /** Ends it early. */
  readonly signal: AbortSignal
  /** Told of each stage, and of the time that is left. */
  readonly onProgress: (line: string, isTick?: boolean) => void
}

export interface AttackReport {
  readonly seed: number
  readonly seconds: number
  readonly guarded: boolean
  /** How often what happened. */
  readonly counts: Readonly<Record<string, number>>
  /** What was compared at the end. */
  readonly checked: Readonly<Record<string, number>>
  readonly violations: readonly Violation[]
}

const [actors, crewSize, sweeperCount] = [16, 2, 2]
/** So many are there at least; those who went longest ago are forgotten beyond so many. */
const [population, memory] = [400, 3_000]

/** Attacks two databases of its own, lets them heal, and judges what is left. */
export async function attack(options: AttackOptions): Promise<AttackReport> {
  const { seed, duration, guarded, onProgress } = options
  onProgress('two servers, the histories, and what keeps references')
  const place = await makePlace(guarded)
  try {
    for (const side of sides) await place.makeDatabase(side)
    await place.run('migrate')
    const scene = makeScene(place, seed, guarded)
    try {
      for (const target of targets) await create(scene, target, population)
      await Promise.all(Array.from({ length: crewSize * 2 }, () => write(scene)))
      const sweepers = guarded ? startSweepers(place, sweeperCount) : undefined
      const problems = await fight(scene, sweepers, options)
      onProgress('healing')
      await heal(scene)
      onProgress('judging')
      const { checked, violations } = await judge(scene)
      const stopping = problems.map((what): Violation => ({ kind: 'unswept', what, history: [] }))
      return {
        seed,
        seconds: duration / 1000,
        guarded,
        counts: scene.tally.counts(),
        checked,
        violations: [...scene.violations, ...stopping, ...violations],
      }
    } finally {
      await scene.crew.stop()
    }
  } finally {
    await place.remove()
  }
}

function makeScene(place: Place, seed: number, guarded: boolean): Scene {
  return {
    place,
    random: makeRandom(seed),
    people: makePeople(),
    book: makeBook(),
    tally: makeTally(),
    crew: makeCrew(crewSize, { auth: place.url('auth'), specs: place.url('specs'), guarded }),
    violations: [],
    owed: [],
  }
}

/** @returns what went wrong when the sweepers were asked to end */
async function fight(
  scene: Scene,
  sweepers: Sweepers | undefined,
  { duration, onProgress, signal }: AttackOptions,
): Promise<readonly string[]> {
  const end = performance.now() + duration
  const isOn = () => performance.now() < end && !signal.aborted
  const act = async () => {
    while (isOn()) await doSomething(scene).catch(() => sleep(100))
  }
  const disturb = async () => {
    while (isOn()) {
      await sleep(Math.min(500 + scene.random.below(4_000), Math.max(0, end - performance.now())))
      if (isOn()) await breakSomething(scene, sweepers).catch(() => scene.tally.add('fault came to nothing'))
    }
  }
  const tell = async () => {
    while (isOn()) {
      onProgress(
        `${Math.ceil((end - performance.now()) / 1000)} s left, ${scene.book.written.size} rows in the book`,
        true,
      )
      await sleep(1_000)
      for (const side of sides) await endPrepared(scene, side, '3 s').catch(() => {})
      for (const { id } of scene.people.forget(memory)) scene.book.forget(id)
    }
  }
  await Promise.all([...Array.from({ length: actors }, act), disturb(), tell()])
  const problems = (await sweepers?.stop()) ?? []
  if (sweepers) scene.tally.add('deletions closed under attack', await countClosed(scene))
  return problems
}

/** How far the sweepers came by themselves; 0 when the server is down just then. */
async function countClosed({ place }: Scene): Promise<number> {
  const client = await place.connect('specs').catch(() => undefined)
  if (!client) return 0
  try {
    const { rows } = await client.query<{ closed: number }>(
      'SELECT count(*)::integer AS closed FROM integrity.receipt',
    )
    return rows[0]?.closed ?? 0
  } finally {
    await client.end().catch(() => {})
  }
}

async function doSomething(scene: Scene): Promise<void> {
  const { random, people } = scene
  const target = random.pick(['users', 'members'])
  if (people.every(target, 'living').length < population / 2)
    return await create(scene, target, population / 4)
  const choice = random.below(100)
  if (choice < 84) return await write(scene)
  if (choice < 93) return await remove(scene)
  if (choice < 96) return await recreate(scene)
  await bringBack(scene)
}
