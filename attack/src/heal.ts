import { setTimeout as sleep } from 'node:timers/promises'
import { errorMessage } from '@manybase/failure'
import { endPrepared } from './faults/prepared.ts'
import { sides } from './place/place.ts'
import { cascadeNaively } from './work/naive.ts'
import { finishReturn } from './work/return.ts'
import type { Scene } from './work/scene.ts'

/** Everything comes back, what was begun is ended, and the sweep comes to its end. */
export async function heal(scene: Scene): Promise<void> {
  const { place, people, owed } = scene
  await persist('starting the servers', () => Promise.all(sides.map((side) => place.servers[side].start())))
  for (const side of sides)
    await persist('ending prepared transactions', () => endPrepared(scene, side, '0 s'))
  if (!place.guarded) {
    for (const { target, ids } of owed.splice(0)) {
      await persist('cascades that are owed', async () => {
        await cascadeNaively(scene, target, ids)
        if (owed.pop()) throw new Error('the cascade failed again')
      })
    }
    return
  }
  await persist('ten minutes', () => letTimePass(scene))
  // A migration that broke off is made up for, and leaves everything in its place.
  await persist('the upgrade', () => place.run('upgrade', '--no-log'))
  await persist('the sweep', () => place.run('integrity', 'sweep'))
  for (const person of people.all()) {
    if (person.state === 'reviving')
      await persist(`the return of ${person.id}`, () => finishReturn(scene, person))
  }
  await persist('the sweep', () => place.run('integrity', 'sweep'))
  await persist('a status without findings', () => place.run('integrity', 'status'))
}

/** What an arbiter has reserved that died is released after ten minutes. None is at work any more. */
async function letTimePass({ place }: Scene): Promise<void> {
  const client = await place.connect('specs')
  try {
    await client.query("UPDATE integrity.reservation SET at = at - interval '10 minutes'")
  } finally {
    await client.end().catch(() => {})
  }
}

/** A server that recovers takes its time, and what was cut is still being cleared away. */
async function persist(what: string, work: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await work()
      return
    } catch (error) {
      if (attempt === 20)
        throw new Error(`${what} did not come to an end: ${errorMessage(error)}`, { cause: error })
      await sleep(500)
    }
  }
}
