import { hashPassword } from '@manybase/password'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { open, signedIn } from '../access/access.ts'
import { callerOf } from '../access/hooks.ts'
import { Refusal } from '../problems/problem.ts'
import type { Services } from '../services.ts'
import { SignUp, User, UserChange } from './schemas.ts'

const tags = ['users']

/** Accounts, each its holder's own. */
export const userRoutes: FastifyPluginAsyncZod<Services> = async (app, { auth, settings }) => {
  app.post(
    '/users',
    {
      config: { access: open, rateLimit: { max: settings.signInRateLimit, groupId: 'sign-up' } },
      schema: {
        tags,
        summary: 'Sign up',
        description: 'Which of address and name is taken is not said.',
        body: SignUp,
        response: { 201: User },
      },
    },
    async ({ body: { password, ...account } }, reply) => {
      const hashedPassword = await hashPassword(password)
      const user = await auth.user.create({ data: { ...account, hashedPassword } })
      return reply.code(201).header('location', '/v1/users/me').send(user)
    },
  )

  app.get(
    '/users/me',
    { config: { access: signedIn }, schema: { tags, summary: 'One’s own account', response: { 200: User } } },
    async (request) => await auth.user.findUniqueOrThrow({ where: { id: callerOf(request).userId } }),
  )

  app.patch(
    '/users/me',
    {
      config: { access: signedIn },
      schema: { tags, summary: 'Change one’s names', body: UserChange, response: { 200: User } },
    },
    async (request) => {
      if (Object.keys(request.body).length === 0)
        throw new Refusal('request-invalid', 'There is nothing to change.')
      return await auth.user.update({ where: { id: callerOf(request).userId }, data: request.body })
    },
  )
}
