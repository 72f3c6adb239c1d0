import { setTimeout as sleep } from 'node:timers/promises'
import { alter } from './alter/alter.ts'
import { breakSomething } from './faults/faults.ts'
import { endPrepared } from './faults/prepared.ts'
import type { Sweepers } from './faults/sweepers.ts'
import type { Violation } from './judge/violation.ts'
import { sides } from './place/place.ts'
import { create } from './work/create.ts'
import { remove } from './work/delete.ts'
import { bringBack, recreate } from './work/return.ts'
import { recreateFromBefore } from './work/return-old.ts'
import type { Scene } from './work/scene.ts'
import { write } from './work/write.ts'

/** So many are there at least; those who went longest ago are forgotten beyond so many. */
export const population = 400
const [actors, memory] = [16, 3_000]

export interface FightOptions {
  /** How long it is attacked, in milliseconds; making ready and judging come on top. */
  readonly duration: number
  /** Ends it early. */
  readonly signal: AbortSignal
  /** Told of each stage, and of the time that is left. */
  readonly onProgress: (line: string, isTick?: boolean) => void
}

/** Everything at once, until the time is over. @returns what commands must not do, and did */
export async function fight(
  scene: Scene,
  sweepers: Sweepers | undefined,
  { duration, onProgress, signal }: FightOptions,
): Promise<readonly Violation[]> {
  const broken: Violation[] = []
  const end = performance.now() + duration
  const isOn = () => performance.now() < end && !signal.aborted
  const act = async () => {
    while (isOn()) await doSomething(scene).catch(() => sleep(100))
  }
  const pause = (least: number, range: number) =>
    sleep(Math.min(least + scene.random.below(range), Math.max(0, end - performance.now())))
  const change = async () => {
    for (let turn = 0; isOn() && scene.place.guarded; turn += 1) {
      await pause(1_000, 6_000)
      if (isOn()) broken.push(...(await alter(scene, turn)))
    }
  }
  const disturb = async () => {
    while (isOn()) {
      await pause(500, 4_000)
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
  await Promise.all([...Array.from({ length: actors }, act), disturb(), change(), tell()])
  for (const what of (await sweepers?.stop()) ?? []) broken.push({ kind: 'command', what, history: [] })
  if (sweepers) scene.tally.add('deletions closed under attack', await countClosed(scene))
  return broken
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
  if (choice < 95) return await recreate(scene)
  if (choice < 97) return await recreateFromBefore(scene)
  await bringBack(scene)
}
