import type { Measure, Run } from './measure.ts'

/** The history that both plan, and the longer ones that show how our cost grows. */
export const [shared, ...longer] = [1000, 2000, 5000, 10_000] as const

/** The runs of both, round by round: the same place in two lists is the same round. */
export interface Runs {
  readonly alembic: readonly Run[]
  readonly ours: ReadonlyMap<number, readonly Run[]>
}

/**
 * Interleaves the planners. A run of each goes before, unmeasured: Python keeps the compiled scripts then, and the
 * files are in memory for both.
 */
export async function measureRounds(
  { ours, alembic }: { readonly ours: Measure; readonly alembic: Measure },
  rounds: number,
  onRound: (round: number) => void,
): Promise<Runs> {
  await alembic(shared)
  for (const size of [shared, ...longer]) await ours(size)
  const runs = { alembic: [] as Run[], ours: new Map([shared, ...longer].map((size) => [size, [] as Run[]])) }
  for (let round = 1; round <= rounds; round++) {
    onRound(round)
    runs.alembic.push(checked(await alembic(shared), shared))
    for (const [size, list] of runs.ours) list.push(checked(await ours(size), size))
  }
  return runs
}

/** A plan that leaves something out would be a cheap one. */
function checked(run: Run, size: number): Run {
  if (run.steps !== size) throw new RangeError(`a plan of ${run.steps} steps for ${size} revisions`)
  return run
}
