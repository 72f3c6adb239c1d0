import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import * as z from 'zod'
import { open, signedIn } from '../access/access.ts'
import { callerOf } from '../access/hooks.ts'
import { Refusal } from '../problems/problem.ts'
import type { Services } from '../services.ts'
import { endFamily, type IssuedToken, type Origin, rotate } from './refresh-tokens.ts'
import { Refresh, SignIn, Tokens } from './schemas.ts'
import { signIn } from './sign-in.ts'

/** Signing in and out. Tables of the same names as these tokens are socrates_auth's; `sessions` are conversations. */
export const authRoutes: FastifyPluginAsyncZod<Services> = async (app, services) => {
  const { auth, settings, tokens } = services
  // Guessing is what this is for, so it has a budget of its own.
  const rateLimit = { max: settings.signInRateLimit, groupId: 'sign-in' }
  const config = { access: open, alsoRefuses: [401], rateLimit }
  const answer = async (userId: string, { familyId, token, expiresAt }: IssuedToken) => ({
    tokenType: 'Bearer' as const,
    accessToken: await tokens.sign({ userId, signInId: familyId }),
    expiresIn: tokens.lifetime,
    refreshToken: token,
    refreshTokenExpiresAt: expiresAt,
  })

  app.post(
    '/auth/sign-in',
    { config, schema: { tags: ['auth'], summary: 'Sign in', body: SignIn, response: { 200: Tokens } } },
    async (request) => {
      const { userId, issued } = await signIn(services, request.body, originOf(request))
      return await answer(userId, issued)
    },
  )

  app.post(
    '/auth/refresh',
    {
      config: { access: open, alsoRefuses: [401] },
      schema: {
        tags: ['auth'],
        summary: 'Exchange a refresh token for the next',
        description:
          'Each is good for one exchange. A second one within ten seconds is answered 409 and changes nothing; a later one ends the sign-in, since the token was copied.',
        body: Refresh,
        response: { 200: Tokens },
      },
    },
    async (request) => {
      const rotation = await rotate(auth, request.body.refreshToken, originOf(request))
      if (rotation.kind === 'rotated') return await answer(rotation.userId, rotation.issued)
      if (rotation.kind === 'superseded')
        throw new Refusal('refresh-superseded', 'Use the refresh token that the other exchange was given.')
      throw new Refusal('refresh-refused', 'It is unknown, has ended, or was used before: sign in again.')
    },
  )

  app.post(
    '/auth/sign-out',
    {
      config: { access: signedIn },
      schema: {
        tags: ['auth'],
        summary: 'End this sign-in, access token included',
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      await endFamily(auth, callerOf(request).signInId, 'logout')
      return reply.code(204).send()
    },
  )
}

const originOf = ({ ip, headers }: FastifyRequest): Origin => ({
  ipAddress: ip,
  userAgent: headers['user-agent']?.slice(0, 512) ?? null,
})
