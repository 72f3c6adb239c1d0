import type { Target } from '../catalog/target.ts'
import { portTaken, studioEnded } from './failures.ts'
import { findPort, isFree } from './ports.ts'
import { type Studio, startStudio } from './process.ts'

/** Where the Studios are served: at these ports exactly, or at free ones from there on. */
export interface Ports {
  readonly first: number
  readonly exact: boolean
}

/** How often another free port is looked for when somebody was faster. */
const attempts = 5

/**
 * Starts a Studio for each database and waits until all serve. When one can't, or `stop` says so, the others are
 * ended with it.
 * @returns none when it was stopped meanwhile
 * @throws `studio.port-taken`, `studio.ended`, `studio.prisma-missing`
 */
export async function startStudios(
  targets: readonly Target[],
  ports: Ports,
  stop: AbortController,
): Promise<readonly Studio[]> {
  const taken = new Set<number>()
  const next = async (target: Target, index: number): Promise<number> => {
    const port = ports.exact ? ports.first + index : await findPort(ports.first, taken)
    if (ports.exact && !(await isFree(port))) throw portTaken({ database: target.name, port })
    taken.add(port)
    return port
  }
  // One after the other, so that the order of the ports is that of the databases, and all before any process.
  const chosen: number[] = []
  for (const [index, target] of targets.entries()) chosen.push(await next(target, index))
  const start = async (target: Target, index: number): Promise<Studio | undefined> => {
    for (let attempt = 1, port = chosen[index] ?? ports.first; ; attempt += 1) {
      const started = await startStudio(target, port, stop.signal)
      if (started.kind === 'serves') return started.studio
      if (stop.signal.aborted) return undefined
      if (started.kind === 'ended') throw studioEnded({ database: target.name, port, how: started.how })
      if (ports.exact || attempt === attempts) throw portTaken({ database: target.name, port })
      port = await next(target, index)
    }
  }
  const starts = targets.map(async (target, index) => {
    try {
      return await start(target, index)
    } catch (error) {
      stop.abort()
      throw error
    }
  })
  const settled = await Promise.allSettled(starts)
  const failed = settled.find((each) => each.status === 'rejected')
  if (failed) {
    await Promise.all(settled.map((each) => each.status === 'fulfilled' && each.value?.end))
    throw failed.reason
  }
  return settled.flatMap((each) => (each.status === 'fulfilled' && each.value) || [])
}

/**
 * Waits until the Studios have ended: all together, once `stop` says so or one of them ends by itself.
 * @throws `studio.ended` in the latter case
 */
export async function awaitEnd(studios: readonly Studio[], stop: AbortController): Promise<void> {
  const ends = studios.map((studio) =>
    studio.end.then((how) => ({ studio, how, asked: stop.signal.aborted })),
  )
  const first = await Promise.race(ends)
  stop.abort()
  await Promise.all(ends)
  if (!first.asked) {
    const { studio, how } = first
    throw studioEnded({ database: studio.target.name, port: studio.port, how })
  }
}
