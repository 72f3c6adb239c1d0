import type { Prisma, ProjectStatus } from '@socrates/db-specs'
import type * as z from 'zod'
import { reachingShares } from '../access/facts.ts'
import type { Project } from './schemas.ts'

/** Projects that somebody may look at: his own, and those that are shared with him. */
export const visibleTo = (userId: string): Prisma.ProjectWhereInput => ({
  OR: [{ userId }, { shares: { some: reachingShares(userId) } }],
})

/** The times that a status implies. */
export function timesOf(status: ProjectStatus | undefined): Prisma.ProjectUpdateInput {
  if (status === undefined) return {}
  const now = new Date()
  return {
    ...(status === 'completed' && { completedAt: now }),
    ...((status === 'active' || status === 'paused') && { completedAt: null }),
    archivedAt: status === 'archived' ? now : null,
  }
}

/** A row as it goes out. */
export const present = ({
  userId,
  maturityScore,
  dueOn,
  ...row
}: Prisma.ProjectModel): z.output<typeof Project> => ({
  ...row,
  ownerId: userId,
  maturityScore: maturityScore.toNumber(),
  dueOn: dueOn?.toISOString().slice(0, 10) ?? null,
})
