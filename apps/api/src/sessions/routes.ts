import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import * as z from 'zod'
import { onProject } from '../access/access.ts'
import { callerOf } from '../access/hooks.ts'
import { Id } from '../openapi/text.ts'
import { readPage } from '../pagination/page.ts'
import type { Services } from '../services.ts'
import { NewSession, Session, SessionChange, SessionPage, SessionQuery } from './schemas.ts'

const tags = ['sessions']
const ofProject = z.strictObject({ projectId: Id })
const one = z.strictObject({ projectId: Id, sessionId: Id })

/** Conversations about a project. */
export const sessionRoutes: FastifyPluginAsyncZod<Services> = async (app, { specs }) => {
  app.get(
    '/projects/:projectId/sessions',
    {
      config: { access: onProject('session.read'), alsoRefuses: [410] },
      schema: {
        tags,
        summary: 'Conversations about a project, newest first',
        params: ofProject,
        querystring: SessionQuery,
        response: { 200: SessionPage },
      },
    },
    async ({ params: { projectId }, query: { status, ...page } }) =>
      await readPage(
        page,
        (place) =>
          specs.session.findMany({
            where: { projectId, ...(status && { status }) },
            orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
            ...place,
          }),
        (id) => specs.session.findFirst({ where: { projectId, id }, select: { id: true } }),
      ),
  )

  app.post(
    '/projects/:projectId/sessions',
    {
      config: { access: onProject('session.create') },
      schema: {
        tags,
        summary: 'Begin a conversation',
        params: ofProject,
        body: NewSession,
        response: { 201: Session },
      },
    },
    async (request, reply) => {
      const { projectId } = request.params
      const { userId } = callerOf(request)
      const session = await specs.session.create({ data: { ...request.body, projectId, userId } })
      return reply
        .code(201)
        .header('location', `/v1/projects/${projectId}/sessions/${session.id}`)
        .send(session)
    },
  )

  app.get(
    '/projects/:projectId/sessions/:sessionId',
    {
      config: { access: onProject('session.read') },
      schema: { tags, summary: 'One conversation', params: one, response: { 200: Session } },
    },
    async ({ params: { projectId, sessionId } }) =>
      await specs.session.findFirstOrThrow({ where: { id: sessionId, projectId } }),
  )

  app.patch(
    '/projects/:projectId/sessions/:sessionId',
    {
      config: { access: onProject('session.update') },
      schema: {
        tags,
        summary: 'Name, pause, end or go on with a conversation',
        params: one,
        body: SessionChange,
        response: { 200: Session },
      },
    },
    async ({ params: { projectId, sessionId }, body }) => {
      const { status } = body
      const ended = status === 'completed' || status === 'abandoned'
      const data = { ...body, ...(status && { endedAt: ended ? new Date() : null }) }
      return await specs.session.update({ where: { id: sessionId, projectId }, data })
    },
  )

  app.delete(
    '/projects/:projectId/sessions/:sessionId',
    {
      config: { access: onProject('session.delete') },
      schema: {
        tags,
        summary: 'Delete a conversation; what was specified in it stays',
        params: one,
        response: { 204: z.undefined() },
      },
    },
    async ({ params: { projectId, sessionId } }, reply) => {
      await specs.session.delete({ where: { id: sessionId, projectId }, select: { id: true } })
      return reply.code(204).send()
    },
  )
}
