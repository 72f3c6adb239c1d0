import type { AuthClient } from '@socrates/db-auth'
import type { Prisma, SpecsClient } from '@socrates/db-specs'
import type * as z from 'zod'
import { findTeamStanding } from '../access/facts.ts'
import { mayGrantPermission, type ProjectStanding } from '../access/policy.ts'
import { Refusal } from '../problems/problem.ts'
import { findNames } from '../users/names.ts'
import type { NewShare, Share, ShareChange } from './schemas.ts'

export const withTeam = { team: { select: { id: true, name: true } } } as const

type Row = Prisma.ProjectShareGetPayload<{ include: typeof withTeam }>
type Permission = Row['permission']
type Shares = Pick<SpecsClient, 'projectShare'>

type Users = Pick<AuthClient, 'user'>
type Names = Awaited<ReturnType<typeof findNames>>

const presentWith =
  (names: Names) =>
  ({ userId, ...row }: Row): z.output<typeof Share> => ({
    ...row,
    user: userId === null ? null : { id: userId, names: names.get(userId) ?? null },
  })

/** Rows as they go out, with the names of whom they are for, in one query. */
export async function present(auth: Users, rows: readonly Row[]): Promise<z.output<typeof Share>[]> {
  const ids = rows.map(({ userId }) => userId)
  return rows.map(presentWith(await findNames(auth, ids)))
}

export const presentOne = async (auth: Users, row: Row): Promise<z.output<typeof Share>> =>
  presentWith(await findNames(auth, [row.userId]))(row)

const checkGrant = (own: ProjectStanding, permission: Permission): void => {
  if (!mayGrantPermission(own, permission))
    throw new Refusal('forbidden', `Only who stands above it gives, changes or takes back ${permission}.`)
}

const refuse = (field: string, message: string) =>
  new Refusal('content-refused', message, { errors: [{ path: `/${field}`, message }] })

function checkEnd(expiresAt: Date | null | undefined): void {
  if (expiresAt && expiresAt.getTime() <= Date.now()) throw refuse('expiresAt', 'The end has passed already.')
}

/** Who shares, and what he is to the project. */
interface Sharer {
  readonly projectId: string
  readonly userId: string
  readonly standing: ProjectStanding
}

/** Shares a project; what was taken back, or has ended, is given again in the same row. @throws Refusal */
export async function share(
  specs: Pick<SpecsClient, 'projectShare' | 'project' | 'team'>,
  { projectId, userId: sharedBy, standing }: Sharer,
  { permission = 'view', expiresAt = null, ...recipient }: NewShare,
): Promise<Row> {
  checkGrant(standing, permission)
  checkEnd(expiresAt)
  await ('teamId' in recipient
    ? checkTeam(specs, recipient, sharedBy)
    : checkUser(specs, recipient, projectId))
  const given = { permission, expiresAt, sharedBy }
  const [again] = await specs.projectShare.updateManyAndReturn({
    where: { projectId, ...recipient, OR: [{ status: 'revoked' }, { expiresAt: { lte: new Date() } }] },
    data: { ...given, status: 'active', revokedAt: null },
    include: withTeam,
  })
  return (
    again ??
    (await specs.projectShare.create({ data: { projectId, ...recipient, ...given }, include: withTeam }))
  )
}

/** A team is there for those who take part in it. */
async function checkTeam(
  specs: Pick<SpecsClient, 'team'>,
  { teamId }: { readonly teamId: string },
  sharedBy: string,
): Promise<void> {
  if (!(await findTeamStanding(specs, teamId, sharedBy)))
    throw refuse('teamId', 'Names no team that the caller takes part in')
}

async function checkUser(
  specs: Pick<SpecsClient, 'project'>,
  { userId }: { readonly userId: string },
  projectId: string,
): Promise<void> {
  const project = await specs.project.findUniqueOrThrow({
    where: { id: projectId },
    select: { userId: true },
  })
  if (project.userId === userId.toLowerCase()) throw refuse('userId', 'The project is his already')
}

/** A share in force of this project. @throws Refusal `not-found`, `forbidden` */
async function findChangeable(
  specs: Shares,
  place: { readonly id: string; readonly projectId: string },
  own: ProjectStanding,
) {
  const found = await specs.projectShare.findFirst({ where: { ...place, status: 'active' } })
  if (!found) throw new Refusal('not-found', 'There is no such share of this project (any more).')
  checkGrant(own, found.permission)
  return { ...place, status: 'active', permission: found.permission } as const
}

const changedMeanwhile = () =>
  new Refusal('conflict', 'Somebody changed the share at the same time.', { retryable: true, retryAfter: 1 })

export async function changeShare(
  specs: Shares,
  place: { readonly id: string; readonly projectId: string },
  own: ProjectStanding,
  change: ShareChange,
): Promise<Row> {
  checkEnd(change.expiresAt)
  const where = await findChangeable(specs, place, own)
  if (change.permission) checkGrant(own, change.permission)
  const [changed] = await specs.projectShare.updateManyAndReturn({ where, data: change, include: withTeam })
  if (!changed) throw changedMeanwhile()
  return changed
}

/** Takes a share back at once; that it was given stays on record. */
export async function revoke(
  specs: Shares,
  place: { readonly id: string; readonly projectId: string },
  own: ProjectStanding,
): Promise<void> {
  const where = await findChangeable(specs, place, own)
  const data = { status: 'revoked', revokedAt: new Date() } as const
  const { count } = await specs.projectShare.updateMany({ where, data })
  if (count === 0) throw changedMeanwhile()
}
