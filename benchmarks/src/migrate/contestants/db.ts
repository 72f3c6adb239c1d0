import { packageManager } from '../../environment.ts'
import type { Contestant } from '../contestant.ts'
import { directly, throughPnpm } from './node.ts'

const down = ['downgrade', 'base', '--yes']
const ours = { role: 'ours', ledger: '_prisma_migrations' } as const

export const db: Contestant = {
  ...ours,
  key: 'db',
  label: 'db',
  group: 'direct',
  prepare: (setup) =>
    directly(setup, {
      up: ['packages/migrator/bin/db.cjs', 'migrate'],
      down: ['packages/migrator/bin/db.cjs', ...down],
    }),
}

export const dbThroughPnpm: Contestant = {
  ...ours,
  key: 'db_pnpm',
  label: 'pnpm db',
  group: 'pnpm',
  prepare: (setup) => throughPnpm(setup, packageManager(), { up: ['db:migrate'], down: ['db', ...down] }),
}
