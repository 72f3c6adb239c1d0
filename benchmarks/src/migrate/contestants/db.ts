import { writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { packageManager } from '../../environment.ts'
import type { Contestant, Setup } from '../contestant.ts'
import { directly, throughPnpm, type Ways } from './node.ts'

const ours = { role: 'ours', ledger: '_prisma_migrations' } as const

export const db: Contestant = {
  ...ours,
  key: 'db',
  label: 'db',
  group: 'direct',
  prepare: (setup) => directly(setup, bothWays(setup, 'packages/migrator/bin/db.cjs')),
}

export const dbThroughPnpm: Contestant = {
  ...ours,
  key: 'db_pnpm',
  label: 'pnpm db',
  group: 'pnpm',
  prepare: (setup) => throughPnpm(setup, packageManager(), bothWays(setup, 'db')),
}

function bothWays(setup: Setup, command: string): Ways {
  const config = ['--config', writeCatalog(setup)]
  return {
    up: [command, 'migrate', ...config],
    down: [command, 'downgrade', 'base', '--yes', ...config],
  }
}

/** The histories alone, as everyone else has them: the repository's own catalog also has triggers installed. */
function writeCatalog({ folder, subjects }: Setup): string {
  const entries = subjects.map(({ name, variable, directory }) => [
    name,
    { directory: relative(folder, directory), url: { kind: 'variable', name: variable } },
  ])
  const file = join(folder, 'databases.config.ts')
  const catalog = { databases: Object.fromEntries(entries) }
  writeFileSync(file, `export default ${JSON.stringify(catalog, null, 2)}\n`)
  return file
}
