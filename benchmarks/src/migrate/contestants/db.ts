import { packageManager } from '../../environment.ts'
import type { Contestant } from '../contestant.ts'
import { directly, throughPnpm } from './node.ts'

const ours = { role: 'ours', ledger: '_prisma_migrations' } as const

export const db: Contestant = {
  ...ours,
  key: 'db',
  label: 'db migrate',
  group: 'direct',
  prepare: (setup) => directly(setup, ['packages/migrator/bin/db.js', 'migrate']),
}

export const dbThroughPnpm: Contestant = {
  ...ours,
  key: 'db_pnpm',
  label: 'pnpm db:migrate',
  group: 'pnpm',
  prepare: (setup) => throughPnpm(setup, packageManager(), ['db:migrate']),
}
