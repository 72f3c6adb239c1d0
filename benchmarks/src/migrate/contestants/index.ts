import type { Contestant } from '../contestant.ts'
import { alembic } from './alembic.ts'
import { db, dbThroughPnpm } from './db.ts'
import { dbmate } from './dbmate.ts'
import { floor, floorCached, floorCachedThroughPnpm, floorThroughPnpm } from './floor.ts'
import { floorBundled } from './floor-bundled.ts'
import { prisma } from './prisma.ts'
import { psql } from './psql.ts'

/** In the order of a round: what is compared most closely runs side by side. */
export const contestants: readonly Contestant[] = [
  floor,
  floorCached,
  db,
  floorThroughPnpm,
  floorCachedThroughPnpm,
  dbThroughPnpm,
  floorBundled,
  psql,
  dbmate,
  alembic,
  prisma,
]
