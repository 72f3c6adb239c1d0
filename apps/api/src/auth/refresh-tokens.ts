import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { AuthClient, Prisma, TokenRevocationReason } from '@socrates/db-auth'

type Tokens = Pick<AuthClient, 'refreshToken'> | Pick<Prisma.TransactionClient, 'refreshToken'>

/** Where a token was issued to, for whoever looks at his sign-ins. */
export interface Origin {
  readonly ipAddress: string
  readonly userAgent: string | null
}

export interface IssuedToken {
  readonly id: string
  readonly familyId: string
  /** Shown once; the database has its hash. */
  readonly token: string
  readonly expiresAt: Date
}

const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')

/** Two refreshes within this many milliseconds are taken for one client's, not for a theft. */
const overlap = 10_000

/** Begins a family with a sign-in, or goes on with one. */
export async function issue(
  auth: Tokens,
  holder: { readonly userId: string; readonly expiresAt: Date; readonly familyId?: string } & Origin,
): Promise<IssuedToken> {
  const token = randomBytes(32).toString('base64url')
  const familyId = holder.familyId ?? randomUUID()
  const data = { ...holder, familyId, tokenHash: hashToken(token) }
  const { id } = await auth.refreshToken.create({ data, select: { id: true } })
  return { id, familyId, token, expiresAt: holder.expiresAt }
}

/** Revokes every token of a family: again until none is left, since an exchange under way may have added one. */
export async function endFamily(
  auth: Tokens,
  familyId: string,
  revocationReason: TokenRevocationReason,
): Promise<void> {
  const data = { revokedAt: new Date(), revocationReason }
  for (;;) {
    const { count } = await auth.refreshToken.updateMany({ where: { familyId, revokedAt: null }, data })
    if (count === 0) return
  }
}

export type Rotation =
  | { readonly kind: 'rotated'; readonly userId: string; readonly issued: IssuedToken }
  /** Another exchange of the same token was quicker, a moment ago. */
  | { readonly kind: 'superseded' }
  /** It was exchanged before: somebody has a copy, and the whole family has ended. */
  | { readonly kind: 'reused' }
  | { readonly kind: 'invalid' }

/**
 * Exchanges a token for the next of its family. Of exchanges at the same time exactly one succeeds. One that comes late
 * ends the family, since nobody can say which of the two is the thief; within a moment it is only refused, since two
 * windows of one browser do that.
 */
export async function rotate(auth: AuthClient, token: string, origin: Origin): Promise<Rotation> {
  const found = await auth.refreshToken.findUnique({
    where: { tokenHash: hashToken(token) },
    select: { id: true, familyId: true, userId: true, usedAt: true, revokedAt: true, expiresAt: true },
  })
  const now = new Date()
  if (!found || found.revokedAt || found.expiresAt <= now) return { kind: 'invalid' }
  const { id, familyId, userId, expiresAt } = found
  if (found.usedAt) {
    if (now.getTime() - found.usedAt.getTime() < overlap) return { kind: 'superseded' }
    await endFamily(auth, familyId, 'reuse_detected')
    return { kind: 'reused' }
  }
  return await auth.$transaction(async (tx) => {
    // The row's lock decides: whoever comes second finds it used.
    const unused = { id, usedAt: null, revokedAt: null, user: { status: 'active' } } as const
    const { count } = await tx.refreshToken.updateMany({ where: unused, data: { usedAt: now } })
    if (count === 0) return { kind: 'superseded' }
    const issued = await issue(tx, { userId, familyId, expiresAt, ...origin })
    await tx.refreshToken.update({ where: { id }, data: { replacedById: issued.id } })
    return { kind: 'rotated', userId, issued }
  })
}
