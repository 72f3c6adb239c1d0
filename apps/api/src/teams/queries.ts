import type { Prisma, SpecsClient } from '@socrates/db-specs'
import { findTeamStanding } from '../access/facts.ts'
import { decideOnTeam, type TeamAction, type TeamStanding } from '../access/policy.ts'
import { Refusal } from '../problems/problem.ts'

type Transaction = Prisma.TransactionClient

/** Teams that somebody takes part in. */
export const takingPart = (userId: string): Prisma.TeamWhereInput => ({
  OR: [{ ownerId: userId }, { members: { some: { userId, status: 'active' } } }],
})

/** Who takes part in a team, while nobody else changes it. */
export interface LockedTeam {
  readonly tx: Transaction
  readonly ownerId: string
  /** What the caller is to the team now. */
  readonly standing: TeamStanding
}

/**
 * Changes who takes part in a team, one change after the other: so the owner doesn't leave while he becomes it, and who
 * was an administrator a moment ago gives no roles. What the caller may is looked at again, since it may have changed
 * since the request came.
 */
export async function inTeam<T>(
  specs: Pick<SpecsClient, '$transaction'>,
  {
    teamId,
    userId,
    action,
  }: { readonly teamId: string; readonly userId: string; readonly action: TeamAction },
  work: (team: LockedTeam) => Promise<T>,
): Promise<T> {
  return await specs.$transaction(async (tx) => {
    const [team] = await tx.$queryRaw<{ ownerId: string }[]>`
      SELECT owner_id AS "ownerId" FROM teams WHERE id = ${teamId}::uuid FOR NO KEY UPDATE`
    const standing = team && (await findTeamStanding(tx, teamId, userId))
    if (!team || !standing) throw new Refusal('not-found', 'There is no such team (any more).')
    if (decideOnTeam(standing, action) !== 'allow')
      throw new Refusal('forbidden', 'You may not do this any more.')
    return await work({ tx, ownerId: team.ownerId, standing })
  })
}

/**
 * Makes another active member the owner; who was it stays as administrator. The account is named first and the membership
 * changed after: what ends an account locks it before it deletes memberships, so neither waits for the other in a circle.
 */
export async function handOver(
  { tx, ownerId }: LockedTeam,
  { teamId, userId }: { readonly teamId: string; readonly userId: string },
): Promise<Prisma.TeamModel> {
  if (userId.toLowerCase() === ownerId) throw new Refusal('conflict', 'The team is his already.')
  const successor = { teamId, userId, status: 'active' } as const
  if (!(await tx.teamMember.findFirst({ where: successor, select: { id: true } }))) throw noMember()
  const team = await tx.team.update({ where: { id: teamId }, data: { ownerId: userId } })
  const { count } = await tx.teamMember.updateMany({ where: successor, data: { role: 'owner' } })
  if (count === 0) throw noMember()
  await tx.teamMember.upsert({
    where: { teamId_userId: { teamId, userId: ownerId } },
    create: { teamId, userId: ownerId, role: 'admin', joinedAt: new Date() },
    update: { role: 'admin', status: 'active' },
  })
  return team
}

const noMember = () =>
  new Refusal('content-refused', 'Only an active member can take the team over.', {
    errors: [{ path: '/userId', message: 'Names no active member' }],
  })
