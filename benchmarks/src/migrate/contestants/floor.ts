import { relative } from 'node:path'
import { packageManager } from '../../environment.ts'
import type { Contestant, Setup } from '../contestant.ts'
import { directly, throughPnpm, type Ways } from './node.ts'

const floorBase = { role: 'floor', ledger: '_prisma_migrations' } as const

/**
 * The floor's arguments after `before`: the way, and which variable has the URL for which migrations, seen from a
 * folder of the repository.
 */
export function bothWays({ root, subjects }: Setup, from: string, before: string): Ways {
  const histories = subjects.map(
    ({ variable, migrations }) => `${variable}=${relative(`${root}/${from}`, migrations)}`,
  )
  return { up: [before, 'up', ...histories], down: [before, 'down', ...histories] }
}

const floorDirectly = (key: string, label: string, file: string): Contestant => ({
  ...floorBase,
  key,
  label,
  group: 'direct',
  prepare: (setup) => directly(setup, bothWays(setup, '.', `benchmarks/src/migrate/${file}`)),
})

const floorAsScript = (key: string, label: string, script: string): Contestant => ({
  ...floorBase,
  key,
  label,
  group: 'pnpm',
  prepare: (setup) =>
    throughPnpm(setup, [...packageManager(), '-C', 'benchmarks'], bothWays(setup, 'benchmarks', script)),
})

export const floor = floorDirectly('floor', 'floor', 'floor.js')
export const floorCached = floorDirectly('floor_cached', 'floor, compile cache', 'floor-cached.js')
export const floorThroughPnpm = floorAsScript('floor_pnpm', 'pnpm floor', 'floor')
export const floorCachedThroughPnpm = floorAsScript(
  'floor_cached_pnpm',
  'pnpm floor, compile cache',
  'floor-cached',
)
