import { setTimeout as sleep } from 'node:timers/promises'
import type { Violation } from '../judge/violation.ts'
import type { Scene } from '../work/scene.ts'
import { remake } from './remake.ts'
import { repartition } from './repartition.ts'

/** Alters the schema under those who write, as operations and migrations do. @returns what must not happen at it */
export async function alter(scene: Scene, turn: number): Promise<readonly Violation[]> {
  if (turn % 2 === 1) return await remake(scene)
  await repartition(scene).then(
    () => scene.tally.add('partition made anew'),
    () => scene.tally.add('partition not made anew'),
  )
  await sleep(scene.random.below(1_000))
  return []
}
