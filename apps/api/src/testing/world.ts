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
