import { relative } from 'node:path'
import { packageManager } from '../../environment.ts'
import type { Contestant, Setup } from '../contestant.ts'
import { directly, throughPnpm } from './node.ts'

const floorBase = { role: 'floor', ledger: '_prisma_migrations' } as const

/** The floor's arguments: which variable has the URL for which migrations, seen from a folder of the repository. */
export const histories = ({ root, subjects }: Setup, from: string): string[] =>
  subjects.map(({ variable, migrations }) => `${variable}=${relative(`${root}/${from}`, migrations)}`)

const floorDirectly = (key: string, label: string, file: string): Contestant => ({
  ...floorBase,
  key,
  label,
  group: 'direct',
  prepare: (setup) => directly(setup, [`benchmarks/src/migrate/${file}`, ...histories(setup, '.')]),
})

const floorAsScript = (key: string, label: string, script: string): Contestant => ({
  ...floorBase,
  key,
  label,
  group: 'pnpm',
  prepare: (setup) =>
    throughPnpm(setup, packageManager(), ['-C', 'benchmarks', script, ...histories(setup, 'benchmarks')]),
})

export const floor = floorDirectly('floor', 'floor', 'floor.js')
export const floorCached = floorDirectly('floor_cached', 'floor, compile cache', 'floor-cached.js')
export const floorThroughPnpm = floorAsScript('floor_pnpm', 'pnpm floor', 'floor')
export const floorCachedThroughPnpm = floorAsScript(
  'floor_cached_pnpm',
  'pnpm floor, compile cache',
  'floor-cached',
)
