import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, stop } from 'esbuild'
import type { Contestant, Setup } from '../contestant.ts'
import { bothWays } from './floor.ts'
import { directly } from './node.ts'

/**
 * The floor with every means that our command has: one file, and its compiled code kept. No target counts against
 * it, since the floor is what one writes by hand; it shows how much lower one could get.
 */
export const floorBundled: Contestant = {
  key: 'floor_bundled',
  label: 'floor, bundled',
  group: 'direct',
  role: 'other',
  ledger: '_prisma_migrations',
  prepare: async (setup) => directly(setup, bothWays(setup, '.', await bundle(setup))),
}

async function bundle({ root, folder }: Setup): Promise<string> {
  await build({
    entryPoints: [join(root, 'benchmarks/src/migrate/floor.js')],
    outfile: join(folder, 'floor.mjs'),
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    external: ['pg-native'],
    // The driver's own modules still call require for Node's.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  })
  // Its process would stay, and keep measuring company.
  await stop()
  const start = join(folder, 'start.mjs')
  writeFileSync(
    start,
    `import { enableCompileCache } from 'node:module'
enableCompileCache(import.meta.dirname + '/compile-cache')
await import('./floor.mjs')
`,
  )
  return start
}
