import type { FastifyRequest } from 'fastify'
import { Refusal } from '../problems/problem.ts'
import type { Services } from '../services.ts'
import type { Caller } from './access.ts'

/** What stands after `Bearer`; undefined for anything else. */
export const bearerIn = ({ headers }: FastifyRequest): string | undefined =>
  /^Bearer +([\w.~+/=-]{1,4096})$/i.exec(headers.authorization ?? '')?.[1]

/**
 * Whose access token it is. The account and the sign-in are looked at as well, so that signing out, suspending and
 * deleting hold at once, and not when the token expires.
 * @throws Refusal `sign-in-needed`
 */
export async function authenticate({ auth, tokens }: Services, request: FastifyRequest): Promise<Caller> {
  const token = bearerIn(request)
  const caller = token === undefined ? undefined : await tokens.verify(token)
  if (!caller)
    throw new Refusal('sign-in-needed', 'There is no valid access token in the header Authorization.')
  const held = { familyId: caller.signInId, revokedAt: null, expiresAt: { gt: new Date() } }
  const user = await auth.user.findFirst({
    where: { id: caller.userId, status: 'active', refreshTokens: { some: held } },
    select: { id: true },
  })
  if (!user) throw new Refusal('sign-in-needed', 'The sign-in has ended.')
  return caller
}
