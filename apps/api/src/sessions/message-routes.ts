import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import * as z from 'zod'
import { onProject } from '../access/access.ts'
import { callerOf } from '../access/hooks.ts'
import { Id } from '../openapi/text.ts'
import type { Services } from '../services.ts'
import { checkSession, inSession, say } from './queries.ts'
import { Message, MessageList, MessageQuery, NewMessage } from './schemas.ts'

const tags = ['sessions']
const ofSession = z.strictObject({ projectId: Id, sessionId: Id })

/** All that was said in a conversation, questions and answers included. */
export const messageRoutes: FastifyPluginAsyncZod<Services> = async (app, { specs }) => {
  app.get(
    '/projects/:projectId/sessions/:sessionId/messages',
    {
      config: { access: onProject('message.read') },
      schema: {
        tags,
        summary: 'What was said, in its order',
        params: ofSession,
        querystring: MessageQuery,
        response: { 200: MessageList },
      },
    },
    async ({ params: { projectId, sessionId }, query: { limit, after } }) => {
      await checkSession(specs, { projectId, sessionId })
      const found = await specs.conversationHistory.findMany({
        where: { sessionId, session: { projectId }, ordinal: { gt: after } },
        orderBy: { ordinal: 'asc' },
        take: limit + 1,
      })
      const items = found.slice(0, limit)
      return { items, next: found.length > limit ? (items.at(-1)?.ordinal ?? null) : null }
    },
  )

  app.post(
    '/projects/:projectId/sessions/:sessionId/messages',
    {
      config: { access: onProject('message.create') },
      schema: {
        tags,
        summary: 'Say something that answers no question',
        params: ofSession,
        body: NewMessage,
        response: { 201: Message },
      },
    },
    async (request, reply) => {
      const { params, body } = request
      const message = {
        sessionId: params.sessionId,
        role: 'user',
        author: callerOf(request),
        ...body,
      } as const
      return reply.code(201).send(await inSession(specs, params, (tx) => say(tx, message)))
    },
  )
}
