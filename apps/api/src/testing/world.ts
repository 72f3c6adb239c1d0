import { randomUUID } from 'node:crypto'
import { type ProjectStanding, projectStandings } from '../access/policy.ts'
import type { TestApp } from './app.ts'
import { enter, type Quick } from './people.ts'

/** Gives somebody an admin role with these permissions. @returns the assignment */
export async function appoint({ auth }: TestApp, userId: string, ...permissions: string[]): Promise<string> {
  const role = { create: { name: `role-${userId}`, permissions } }
  const { id } = await auth.adminUser.create({
    data: { user: { connect: { id: userId } }, role },
    select: { id: true },
  })
  return id
}

/** Somebody of each standing on a project, and somebody of none. */
export type Cast = Readonly<Record<ProjectStanding | 'stranger', Quick>>

export async function makeCast({ auth }: TestApp): Promise<Cast> {
  const someone = () => enter(auth)
  const [owner, manage, edit, comment, view, stranger] = await Promise.all([
    someone(),
    someone(),
    someone(),
    someone(),
    someone(),
    someone(),
  ])
  return { owner, manage, edit, comment, view, stranger }
}

/** A project of the owner's, shared with the others as their names say. @returns its id */
export async function makeProject({ specs }: TestApp, cast: Cast): Promise<string> {
  const shares = projectStandings
    .filter((standing) => standing !== 'owner')
    .map((permission) => ({ userId: cast[permission].id, sharedBy: cast.owner.id, permission }))
  const { id } = await specs.project.create({
    data: { userId: cast.owner.id, name: 'Ada’s shop', shares: { create: shares } },
    select: { id: true },
  })
  return id
}

/** A team of the owner's in which the others have the role that answers to their name; its viewers are two. */
export async function makeTeam({ specs }: TestApp, cast: Cast): Promise<string> {
  const roles = {
    owner: 'owner',
    manage: 'admin',
    edit: 'member',
    comment: 'viewer',
    view: 'viewer',
  } as const
  const members = projectStandings.map((who) => ({
    userId: cast[who].id,
    role: roles[who],
    joinedAt: new Date(),
  }))
  const { id } = await specs.team.create({
    data: { ownerId: cast.owner.id, name: 'Tea', slug: `t-${randomUUID()}`, members: { create: members } },
    select: { id: true },
  })
  return id
}
