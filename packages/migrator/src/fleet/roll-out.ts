import { databaseOf } from '../catalog/sources/members.ts'
import type { Slots } from './slots.ts'
import type { Stage } from './stages.ts'
import type { Unit } from './units.ts'

/** What became of a unit. A failed one may have got somewhere, and has a value that says how far. */
export type Result<R> =
  | { readonly kind: 'done'; readonly unit: Unit; readonly value: R }
  | { readonly kind: 'failed'; readonly unit: Unit; readonly error: unknown; readonly value?: R }
  | { readonly kind: 'not-begun'; readonly unit: Unit }

export type Ended<R> = Exclude<Result<R>, { readonly kind: 'not-begun' }>

export interface RollOutOptions<R> {
  /** One for each connection that may be open; a unit holds as many as it has databases. */
  readonly slots: Slots
  readonly jobs: number
  /** No other unit is begun once so many have failed. */
  readonly maxFailures: number
  /** Why a unit counts as failed although its work has ended. */
  readonly failureIn: (value: R) => unknown
  readonly onEnd?: (result: Ended<R>) => void
}

/**
 * Works on units side by side, stage after stage. A failure keeps the following stages from beginning, and within
 * a stage the others go on until there are too many.
 */
export async function rollOut<R>(
  stages: readonly Stage[],
  work: (unit: Unit) => Promise<R>,
  options: RollOutOptions<R>,
): Promise<readonly Result<R>[]> {
  const results: Result<R>[] = []
  let stopped = false
  for (const stage of stages) {
    if (stopped) results.push(...stage.map((unit) => ({ kind: 'not-begun' as const, unit })))
    else results.push(...(await runStage(stage, work, options)))
    stopped ||= results.some(({ kind }) => kind === 'failed')
  }
  return results
}

/** Two units in one physical database would wait for each other's lock, so they take turns. */
const keysOf = ({ targets }: Unit): readonly string[] =>
  targets.map(({ connection }) => databaseOf(connection))

async function runStage<R>(
  stage: Stage,
  work: (unit: Unit) => Promise<R>,
  { slots, jobs, maxFailures, failureIn, onEnd }: RollOutOptions<R>,
): Promise<readonly Result<R>[]> {
  const waiting = new Map(stage.map((unit) => [unit, keysOf(unit)]))
  const ended = new Map<Unit, Ended<R>>()
  const busy = new Set<string>()
  const under = new Set<Promise<void>>()
  let [free, failures] = [jobs, 0]
  const run = async (unit: Unit, keys: readonly string[], size: number) => {
    const held = Array.from({ length: size }, () => slots.take())
    const result = await attempt(unit, work, failureIn)
    for (const giveBack of held) giveBack?.()
    for (const key of keys) busy.delete(key)
    free += size
    if (result.kind === 'failed') failures += 1
    ended.set(unit, result)
    onEnd?.(result)
  }
  const begin = () => {
    for (const [unit, keys] of waiting) {
      const size = Math.min(jobs, unit.targets.length)
      if (failures >= maxFailures || size > free) return
      if (keys.some((key) => busy.has(key))) continue
      waiting.delete(unit)
      for (const key of keys) busy.add(key)
      free -= size
      const running = run(unit, keys, size).finally(() => under.delete(running))
      under.add(running)
    }
  }
  for (begin(); under.size > 0; begin()) await Promise.race(under)
  return stage.map((unit) => ended.get(unit) ?? { kind: 'not-begun', unit })
}

async function attempt<R>(
  unit: Unit,
  work: (unit: Unit) => Promise<R>,
  failureIn: (value: R) => unknown,
): Promise<Ended<R>> {
  try {
    const value = await work(unit)
    const error = failureIn(value)
    return error === undefined ? { kind: 'done', unit, value } : { kind: 'failed', unit, error, value }
  } catch (error) {
    return { kind: 'failed', unit, error }
  }
}
