import { defineTable, type RowOf } from '../copy/table.ts'
import type { Person } from '../world/person.ts'
import type { Random } from '../world/random.ts'
import { moment } from '../world/world.ts'
import type { Team } from './teams.ts'

export const teamMembers = defineTable('team_members', {
  id: 'text',
  team_id: 'text',
  user_id: 'text',
  invited_by: 'text?',
  role: 'text',
  status: 'text',
  joined_at: 'time?',
  last_active_at: 'time?',
  created_at: 'time',
  updated_at: 'time',
})

type TeamMember = RowOf<typeof teamMembers>

/** The owner, and the others whom the owner has invited. */
export function makeTeamMembers(
  random: Random,
  team: Team,
  owner: Person,
  others: readonly Person[],
  until: number,
): TeamMember[] {
  const member = (person: Person, role: string, status: string): TeamMember => {
    const known = Math.max(team.created_at, person.createdAt)
    const invitedAt = person === owner ? team.created_at : moment(random, known, until)
    const joined = status !== 'invited'
    const activeAt = joined ? Math.max(invitedAt, person.lastSeenAt) : null
    return {
      id: random.uuid(),
      team_id: team.id,
      user_id: person.id,
      invited_by: person === owner ? null : owner.id,
      role,
      status,
      joined_at: joined ? invitedAt : null,
      last_active_at: activeAt,
      created_at: invitedAt,
      updated_at: activeAt ?? invitedAt,
    }
  }
  return [
    member(owner, 'owner', 'active'),
    ...others.map((person) =>
      member(
        person,
        random.weighted([
          ['admin', 0.12],
          ['member', 0.68],
          ['viewer', 0.2],
        ]),
        random.weighted([
          ['active', 0.88],
          ['invited', 0.09],
          ['suspended', 0.03],
        ]),
      ),
    ),
  ]
}
