import { startSweepers } from './faults/sweepers.ts'
import { type FightOptions, fight, population } from './fight.ts'
import { heal } from './heal.ts'
import { judge } from './judge/judge.ts'
import type { Violation } from './judge/violation.ts'
import { makeStage, type StageOptions } from './stage.ts'
import { create } from './work/create.ts'
import { targets } from './work/return.ts'
import { write } from './work/write.ts'

export interface AttackOptions extends StageOptions, FightOptions {}

export interface AttackReport {
  readonly seed: number
  readonly seconds: number
  readonly guarded: boolean
  /** Whether deletions woke the sweepers, or they had to look for themselves. */
  readonly announces: boolean
  /** Its release. */
  readonly postgres: string
  /** How often what happened. */
  readonly counts: Readonly<Record<string, number>>
  /** What was compared at the end. */
  readonly checked: Readonly<Record<string, number>>
  readonly violations: readonly Violation[]
}

/** The first writes connect, and load what they need. */
const firstWrites = 4
const sweeperCount = 2

/** Attacks two databases of its own, lets them heal, and judges what is left. */
export async function attack(options: AttackOptions): Promise<AttackReport> {
  const { seed, duration, guarded, onProgress } = options
  onProgress('two servers, the histories, and what keeps references')
  await using stage = await makeStage(options)
  const { scene } = stage
  const { place } = scene
  for (const target of targets) await create(scene, target, population)
  await Promise.all(Array.from({ length: firstWrites }, () => write(scene)))
  const sweepers = guarded ? startSweepers(place, sweeperCount) : undefined
  const broken = await fight(scene, sweepers, options)
  onProgress('healing')
  await heal(scene)
  onProgress('judging')
  const { checked, violations } = await judge(scene)
  return {
    seed,
    seconds: duration / 1000,
    guarded,
    announces: place.announces,
    postgres: place.servers.auth.now().version,
    counts: scene.tally.counts(),
    checked,
    violations: [...scene.violations, ...broken, ...violations],
  }
}
