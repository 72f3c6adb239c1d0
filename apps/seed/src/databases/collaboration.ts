import type { Event } from '../tables/activity-logs.ts'
import { makeProjectInvitations, projectInvitations } from '../tables/project-invitations.ts'
import { makeProjectShares, projectShares } from '../tables/project-shares.ts'
import type { Project } from '../tables/projects.ts'
import { makeTeamMembers, teamMembers } from '../tables/team-members.ts'
import { makeTeam, teams } from '../tables/teams.ts'
import type { Person } from '../world/person.ts'
import type { Random } from '../world/random.ts'
import type { Made, Put } from './database.ts'

/** What a circle of colleagues does together; says what of it belongs into the log. */
export function collaborate(
  random: Random,
  { settings: { until }, phrases }: Made,
  circle: readonly Person[],
  owned: readonly (readonly Project[])[],
  put: Put,
): readonly Event[] {
  for (const [index, projects] of owned.entries()) {
    const others = circle.filter((_, other) => other !== index)
    for (const project of projects)
      put(projectInvitations, makeProjectInvitations(random, project, others, until))
  }
  const at = circle.findIndex(({ activity }) => activity === 'active' || activity === 'heavy')
  const owner = circle[at]
  if (!owner) return []
  const team = makeTeam(random, phrases, owner)
  const colleagues = circle.filter((person) => person !== owner && random.chance(0.6))
  put(teams, [team])
  put(teamMembers, makeTeamMembers(random, team, owner, colleagues, until))
  for (const project of owned[at] ?? [])
    put(projectShares, makeProjectShares(random, project, team, colleagues, until))
  const founded = { action: 'team.create', entityType: 'team', entityId: team.id, teamId: team.id }
  return [{ ...founded, userId: owner.id, at: team.created_at }]
}
