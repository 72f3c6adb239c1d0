import { isReferenceViolation } from '@manybase/app-validation/guard'
import type { AuthClient } from '@socrates/db-auth'
import type { Prisma, TeamRole } from '@socrates/db-specs'
import { mayGrantRole, type TeamStanding, teamStanding, teamStandings } from '../access/policy.ts'
import { Refusal } from '../problems/problem.ts'
import type { LockedTeam } from '../teams/queries.ts'
import type { Invitee, MemberChange } from './schemas.ts'

interface Place {
  readonly teamId: string
  /** The member, not the caller. */
  readonly userId: string
}

/** Whose an address is; undefined also when the account may not sign in. An id is taken as it is. */
export async function findInvitee(
  auth: Pick<AuthClient, 'user'>,
  invitee: Invitee,
): Promise<string | undefined> {
  if ('userId' in invitee) return invitee.userId
  const where = { email: invitee.email, status: 'active' } as const
  return (await auth.user.findFirst({ where, select: { id: true } }))?.id
}

/** @throws Refusal `forbidden` for a role that isn't below the caller's own */
export function checkGrant(own: TeamStanding, role: TeamStanding): void {
  if (role === 'owner') throw new Refusal('forbidden', 'Ownership goes only by handing the team over.')
  if (!mayGrantRole(own, role))
    throw new Refusal('forbidden', `Only who stands above it gives, changes or takes the role ${role}.`)
}

export const rolesBelow = (own: TeamStanding): TeamRole[] =>
  teamStandings.filter((role) => mayGrantRole(own, role))

/** @returns whether there is an invitation now that wasn't before */
export async function invite(
  { tx, ownerId }: LockedTeam,
  { teamId, userId }: Place,
  { role, invitedBy }: { readonly role: TeamRole; readonly invitedBy: string },
): Promise<boolean> {
  if (userId.toLowerCase() === ownerId) return false
  const data = { teamId, userId, role, invitedBy, status: 'invited' } as const
  const { count } = await tx.teamMember.createMany({ data, skipDuplicates: true })
  return count > 0
}

/** Does what must look the same for an address without account: who is gone meanwhile had none. */
export async function unlessGone(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!isReferenceViolation(error)) throw error
  }
}

/** Somebody's membership, that the caller may change. @throws Refusal */
async function findChangeable({ tx, ownerId, standing }: LockedTeam, { teamId, userId }: Place) {
  const place = { teamId_userId: { teamId, userId } }
  const member = await tx.teamMember.findUnique({ where: place })
  // Whom an invitation is for isn't told before he accepts it.
  if (!member || member.status === 'invited')
    throw new Refusal('not-found', 'There is no such member of this team.')
  checkGrant(standing, teamStanding(member.userId === ownerId, member.role) ?? 'viewer')
  return member
}

export async function changeMember(
  team: LockedTeam,
  place: Place,
  change: MemberChange,
): Promise<Prisma.TeamMemberModel> {
  const { id } = await findChangeable(team, place)
  if (change.role) checkGrant(team.standing, change.role)
  return await team.tx.teamMember.update({ where: { id }, data: change })
}

export async function removeMember(team: LockedTeam, place: Place): Promise<void> {
  const { id } = await findChangeable(team, place)
  await team.tx.teamMember.delete({ where: { id }, select: { id: true } })
}

/** @throws Refusal `forbidden` to the owner */
export async function leave({ tx, standing }: LockedTeam, place: Place): Promise<void> {
  if (standing === 'owner')
    throw new Refusal('forbidden', 'A team has an owner: hand it over first, or delete it.')
  await tx.teamMember.delete({ where: { teamId_userId: place }, select: { id: true } })
}
