import { defineTable, type RowOf } from '../copy/table.ts'
import type { Person } from '../world/person.ts'
import type { Random } from '../world/random.ts'
import { day, moment } from '../world/world.ts'
import type { Project } from './projects.ts'
import type { Team } from './teams.ts'

export const projectShares = defineTable('project_shares', {
  id: 'text',
  project_id: 'text',
  team_id: 'text?',
  user_id: 'text?',
  shared_by: 'text?',
  permission: 'text',
  status: 'text',
  expires_at: 'time?',
  revoked_at: 'time?',
  created_at: 'time',
  updated_at: 'time',
})

type ProjectShare = RowOf<typeof projectShares>

/** Half of an owner's projects are shared with the team, a few with one member beside that. */
export function makeProjectShares(
  random: Random,
  project: Project,
  team: Team,
  members: readonly Person[],
  until: number,
): ProjectShare[] {
  const share = (recipient: { team: string } | { user: Person }): ProjectShare => {
    const since = 'user' in recipient ? recipient.user.createdAt : team.created_at
    const sharedAt = moment(random, Math.max(project.created_at, since), until)
    const revokedAt = random.chance(0.1) ? moment(random, sharedAt, until) : null
    return {
      id: random.uuid(),
      project_id: project.id,
      team_id: 'team' in recipient ? recipient.team : null,
      user_id: 'user' in recipient ? recipient.user.id : null,
      shared_by: project.user_id,
      permission: random.weighted([
        ['view', 0.4],
        ['comment', 0.25],
        ['edit', 0.3],
        ['manage', 0.05],
      ]),
      status: revokedAt === null ? 'active' : 'revoked',
      expires_at: random.chance(0.1) ? sharedAt + random.integer(7, 90) * day : null,
      revoked_at: revokedAt,
      created_at: sharedAt,
      updated_at: revokedAt ?? sharedAt,
    }
  }
  return [
    ...(random.chance(0.5) ? [share({ team: team.id })] : []),
    ...(members.length > 0 && random.chance(0.2) ? [share({ user: random.pick(members) })] : []),
  ]
}
