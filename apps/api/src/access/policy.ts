/**
 * Who may do what: the whole of it, as data and pure functions. A route says which action it is (see access.ts); nothing
 * else decides.
 */

/** What somebody is to a project, each being allowed all that the next is. */
export const projectStandings = ['owner', 'manage', 'edit', 'comment', 'view'] as const
export type ProjectStanding = (typeof projectStandings)[number]

/** What somebody is to a team, in the same way. */
export const teamStandings = ['owner', 'admin', 'member', 'viewer'] as const
export type TeamStanding = (typeof teamStandings)[number]

/** The least standing that each action on a project, or on what belongs to it, takes. */
export const projectActions = {
  'project.read': 'view',
  'project.update': 'edit',
  'project.delete': 'owner',
  'session.read': 'view',
  'session.create': 'comment',
  'session.update': 'comment',
  'session.delete': 'manage',
  'question.read': 'view',
  'question.create': 'comment',
  'question.answer': 'comment',
  'message.read': 'view',
  'message.create': 'comment',
  'specification.read': 'view',
  'specification.create': 'edit',
  'specification.update': 'edit',
  'specification.delete': 'manage',
  'share.read': 'manage',
  'share.create': 'manage',
  'share.update': 'manage',
  'share.delete': 'manage',
} as const satisfies Readonly<Record<string, ProjectStanding>>

/** And on a team. */
export const teamActions = {
  'team.read': 'viewer',
  'team.update': 'admin',
  'team.delete': 'owner',
  'team.hand-over': 'owner',
  'team.leave': 'viewer',
  'member.read': 'viewer',
  'member.create': 'admin',
  'member.update': 'admin',
  'member.delete': 'admin',
} as const satisfies Readonly<Record<string, TeamStanding>>

export type ProjectAction = keyof typeof projectActions
export type TeamAction = keyof typeof teamActions

/** `hide`: to somebody who may not even look, it isn't there. `forbid`: who may look is told that this is too much. */
export type Decision = 'allow' | 'forbid' | 'hide'

const atLeast = <S extends string>(order: readonly S[], standing: S, needed: S): boolean =>
  order.indexOf(standing) <= order.indexOf(needed)

export function decideOnProject(standing: ProjectStanding | undefined, action: ProjectAction): Decision {
  if (standing === undefined) return 'hide'
  return atLeast(projectStandings, standing, projectActions[action]) ? 'allow' : 'forbid'
}

export function decideOnTeam(standing: TeamStanding | undefined, action: TeamAction): Decision {
  if (standing === undefined) return 'hide'
  return atLeast(teamStandings, standing, teamActions[action]) ? 'allow' : 'forbid'
}

/** Ownership is the team's own column: a membership that says so gives no more than an administrator's. */
export function teamStanding(isOwner: boolean, role: TeamStanding | undefined): TeamStanding | undefined {
  if (isOwner) return 'owner'
  return role === 'owner' ? 'admin' : role
}

/** Nobody gives, changes or takes away a role that isn't below his own; an owner's goes only by handing the team over. */
export const mayGrantRole = (own: TeamStanding, role: TeamStanding): boolean =>
  own !== role && atLeast(teamStandings, own, role)

/** Nobody gives, changes or takes back a permission that isn't below his own: so only the owner makes managers. */
export const mayGrantPermission = (own: ProjectStanding, permission: ProjectStanding): boolean =>
  own !== permission && atLeast(projectStandings, own, permission)

/** A share that reaches somebody, and is in force: straight, or through a team in which he has a role. */
export interface ReachingShare {
  readonly permission: Exclude<ProjectStanding, 'owner'>
  readonly through?: TeamStanding | undefined
}

/** The most that a role in a team makes of a share with the team. */
const mostOfRole: Readonly<Record<TeamStanding, Exclude<ProjectStanding, 'owner'>>> = {
  owner: 'manage',
  admin: 'manage',
  member: 'edit',
  viewer: 'view',
}

/** The best that ownership and shares give; undefined when there is nothing. */
export function projectStanding(
  isOwner: boolean,
  shares: readonly ReachingShare[],
): ProjectStanding | undefined {
  if (isOwner) return 'owner'
  const given = shares.map(({ permission, through }) =>
    through === undefined ? permission : lesser(permission, mostOfRole[through]),
  )
  return projectStandings.find((standing) => standing !== 'owner' && given.includes(standing))
}

const lesser = <S extends ProjectStanding>(one: S, other: S): S =>
  projectStandings.indexOf(one) > projectStandings.indexOf(other) ? one : other

/** An administrator's permission; `*` is each of them. */
export type Permission = 'users.delete'

export const mayAdminister = (permissions: readonly string[], needed: Permission): boolean =>
  permissions.includes('*') || permissions.includes(needed)
