import { describe, expect, test } from '@jest/globals'
import {
  decideOnProject,
  decideOnTeam,
  mayAdminister,
  mayGrantPermission,
  mayGrantRole,
  type ProjectAction,
  type ProjectStanding,
  projectActions,
  projectStanding,
  projectStandings,
  type TeamAction,
  type TeamStanding,
  teamActions,
  teamStanding,
  teamStandings,
} from './policy.ts'

const allowed = (decide: (standing: never) => string, standings: readonly string[]) =>
  standings.filter((standing) => decide(standing as never) === 'allow')

describe('on a project', () => {
  const everybody = ['owner', 'manage', 'edit', 'comment', 'view']
  const commenters = everybody.slice(0, 4)
  const editors = everybody.slice(0, 3)
  const managers = everybody.slice(0, 2)
  const may: Record<ProjectAction, readonly string[]> = {
    'project.read': everybody,
    'project.update': editors,
    'project.delete': ['owner'],
    'session.read': everybody,
    'session.create': commenters,
    'session.update': commenters,
    'session.delete': managers,
    'question.read': everybody,
    'question.create': commenters,
    'question.answer': commenters,
    'message.read': everybody,
    'message.create': commenters,
    'specification.read': everybody,
    'specification.create': editors,
    'specification.update': editors,
    'specification.delete': managers,
    'share.read': managers,
    'share.create': managers,
    'share.update': managers,
    'share.delete': managers,
  }
  const actions = Object.keys(projectActions) as ProjectAction[]

  test.each(actions)('%s is allowed to these, and forbidden to the others', (action) => {
    expect(
      allowed((standing: ProjectStanding) => decideOnProject(standing, action), projectStandings),
    ).toEqual(may[action])
    for (const standing of projectStandings.filter((each) => !may[action].includes(each)))
      expect(decideOnProject(standing, action)).toBe('forbid')
  })

  test('nobody grants a permission that is not below his own', () => {
    const grants = (own: ProjectStanding) => projectStandings.filter((each) => mayGrantPermission(own, each))
    expect(grants('owner')).toEqual(['manage', 'edit', 'comment', 'view'])
    expect(grants('manage')).toEqual(['edit', 'comment', 'view'])
    expect(grants('view')).toEqual([])
  })

  test.each(actions)('%s is hidden from everybody else', (action) => {
    expect(decideOnProject(undefined, action)).toBe('hide')
  })
})

describe('on a team', () => {
  const everybody = ['owner', 'admin', 'member', 'viewer']
  const may: Record<TeamAction, readonly string[]> = {
    'team.read': everybody,
    'team.update': ['owner', 'admin'],
    'team.delete': ['owner'],
    'team.hand-over': ['owner'],
    'team.leave': everybody,
    'member.read': everybody,
    'member.create': ['owner', 'admin'],
    'member.update': ['owner', 'admin'],
    'member.delete': ['owner', 'admin'],
  }
  const actions = Object.keys(teamActions) as TeamAction[]

  test.each(actions)('%s is allowed to these, forbidden to the others, hidden from strangers', (action) => {
    expect(allowed((standing: TeamStanding) => decideOnTeam(standing, action), teamStandings)).toEqual(
      may[action],
    )
    expect(decideOnTeam(undefined, action)).toBe('hide')
  })

  test('ownership is the team’s to say, and a role the membership’s', () => {
    const roles = ['owner', 'admin', 'member', 'viewer', undefined] as const
    expect(roles.map((role) => teamStanding(true, role))).toEqual(roles.map(() => 'owner'))
    expect(roles.map((role) => teamStanding(false, role))).toEqual([
      'admin',
      'admin',
      'member',
      'viewer',
      undefined,
    ])
  })

  test('nobody grants a role that is not below his own', () => {
    const granted = teamStandings.map((own) => [own, teamStandings.filter((role) => mayGrantRole(own, role))])
    expect(granted).toEqual([
      ['owner', ['admin', 'member', 'viewer']],
      ['admin', ['member', 'viewer']],
      ['member', ['viewer']],
      ['viewer', []],
    ])
  })
})

describe('what somebody is to a project', () => {
  const shared = ['manage', 'edit', 'comment', 'view'] as const

  test('is owner when it is his, whatever was shared besides', () => {
    expect(projectStanding(true, [{ permission: 'view' }])).toBe('owner')
  })

  test('is nothing without a share', () => {
    expect(projectStanding(false, [])).toBeUndefined()
  })

  test.each(shared)('is what a share of %s says', (permission) => {
    expect(projectStanding(false, [{ permission }])).toBe(permission)
  })

  test.each([
    ['owner', ['manage', 'edit', 'comment', 'view']],
    ['admin', ['manage', 'edit', 'comment', 'view']],
    ['member', ['edit', 'edit', 'comment', 'view']],
    ['viewer', ['view', 'view', 'view', 'view']],
  ] as const)('is at most, as %s of a team that it is shared with,', (through, standings) => {
    expect(shared.map((permission) => projectStanding(false, [{ permission, through }]))).toEqual(standings)
  })

  test('is the best of all shares', () => {
    const shares = [
      { permission: 'manage', through: 'viewer' },
      { permission: 'comment' },
      { permission: 'view', through: 'owner' },
    ] as const
    expect(projectStanding(false, shares)).toBe('comment')
  })
})

test.each([
  [['*'], true],
  [['users.delete'], true],
  [['users.read', 'users.suspend'], false],
  [[], false],
])('an administrator with %j may delete users: %p', (permissions, may) => {
  expect(mayAdminister(permissions, 'users.delete')).toBe(may)
})
