import type { Prisma as Auth, AuthClient } from '@socrates/db-auth'
import type { Prisma, SpecsClient } from '@socrates/db-specs'
import {
  mayAdminister,
  type Permission,
  type ProjectStanding,
  projectStanding,
  type TeamStanding,
  teamStanding,
} from './policy.ts'

const memberships = (userId: string) => ({ userId, status: 'active' }) as const

/** The shares in force that reach a user, straight or through a team. */
export const reachingShares = (userId: string): Prisma.ProjectShareWhereInput => ({
  status: 'active',
  AND: [
    { OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }] },
    {
      OR: [
        { userId },
        { team: { status: 'active', OR: [{ ownerId: userId }, { members: { some: memberships(userId) } }] } },
      ],
    },
  ],
})

/** What a user is to a project, by one query; undefined also where there is no such project. */
export async function findProjectStanding(
  specs: SpecsClient,
  projectId: string,
  userId: string,
): Promise<ProjectStanding | undefined> {
  const project = await specs.project.findUnique({
    where: { id: projectId },
    select: {
      userId: true,
      shares: {
        where: reachingShares(userId),
        select: {
          permission: true,
          team: {
            select: { ownerId: true, members: { where: memberships(userId), select: { role: true } } },
          },
        },
      },
    },
  })
  if (!project) return undefined
  const shares = project.shares.map(({ permission, team }) => ({
    permission,
    through: team ? teamStanding(team.ownerId === userId, team.members[0]?.role) : undefined,
  }))
  return projectStanding(project.userId === userId, shares)
}

/** What a user is to a team; undefined also where there is no such team. */
export async function findTeamStanding(
  specs: Pick<SpecsClient, 'team'>,
  teamId: string,
  userId: string,
): Promise<TeamStanding | undefined> {
  const team = await specs.team.findUnique({
    where: { id: teamId },
    select: { ownerId: true, members: { where: memberships(userId), select: { role: true } } },
  })
  return team ? teamStanding(team.ownerId === userId, team.members[0]?.role) : undefined
}

/** The assignment of an admin role by which a user holds a permission now; undefined when none gives it. */
export async function findAssignment(
  auth: AuthClient,
  userId: string,
  permission: Permission,
): Promise<string | undefined> {
  const assignments = await auth.adminUser.findMany({
    where: assignmentsOf(userId),
    select: { id: true, role: { select: { permissions: true } } },
  })
  return assignments.find(({ role }) => mayAdminister(stringsIn(role.permissions), permission))?.id
}

/** The admin roles that a user holds now. */
export const assignmentsOf = (userId: string): Auth.AdminUserWhereInput => ({
  userId,
  status: 'active',
  user: { status: 'active' },
  OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }],
})

const stringsIn = (json: unknown): readonly string[] =>
  Array.isArray(json) ? json.filter((value) => typeof value === 'string') : []
