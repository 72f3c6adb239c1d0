import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import * as z from 'zod'
import { onProject } from '../access/access.ts'
import { callerOf, projectStandingOf } from '../access/hooks.ts'
import { Id } from '../openapi/text.ts'
import { readPage } from '../pagination/page.ts'
import type { Services } from '../services.ts'
import { changeShare, present, presentOne, revoke, share, withTeam } from './queries.ts'
import { NewShare, Share, ShareChange, SharePage, ShareQuery } from './schemas.ts'

const tags = ['shares']
const ofProject = z.strictObject({ projectId: Id })
const one = z.strictObject({ projectId: Id, shareId: Id })

/** With whom a project is shared. What a share lets one do is access/policy.ts's. */
export const shareRoutes: FastifyPluginAsyncZod<Services> = async (app, { auth, specs }) => {
  app.get(
    '/projects/:projectId/shares',
    {
      config: { access: onProject('share.read'), alsoRefuses: [410] },
      schema: {
        tags,
        summary: 'With whom a project is shared, newest first',
        params: ofProject,
        querystring: ShareQuery,
        response: { 200: SharePage },
      },
    },
    async ({ params: { projectId }, query: { status, ...page } }) => {
      const { items, next } = await readPage(
        page,
        (place) =>
          specs.projectShare.findMany({
            where: { projectId, status },
            orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
            include: withTeam,
            ...place,
          }),
        (id) => specs.projectShare.findFirst({ where: { projectId, id }, select: { id: true } }),
      )
      return { items: await present(auth, items), next }
    },
  )

  app.post(
    '/projects/:projectId/shares',
    {
      config: { access: onProject('share.create') },
      schema: {
        tags,
        summary: 'Share a project with a user, or with a team of one’s own',
        description: 'Permissions below one’s own only.',
        params: ofProject,
        body: NewShare,
        response: { 201: Share },
      },
    },
    async (request, reply) => {
      const { projectId } = request.params
      const sharer = { projectId, userId: callerOf(request).userId, standing: projectStandingOf(request) }
      const shared = await share(specs, sharer, request.body)
      return reply.code(201).send(await presentOne(auth, shared))
    },
  )

  app.patch(
    '/projects/:projectId/shares/:shareId',
    {
      config: { access: onProject('share.update') },
      schema: {
        tags,
        summary: 'Change what a share allows, or when it ends',
        params: one,
        body: ShareChange,
        response: { 200: Share },
      },
    },
    async (request) => {
      const { projectId, shareId: id } = request.params
      const changed = await changeShare(specs, { id, projectId }, projectStandingOf(request), request.body)
      return await presentOne(auth, changed)
    },
  )

  app.delete(
    '/projects/:projectId/shares/:shareId',
    {
      config: { access: onProject('share.delete') },
      schema: { tags, summary: 'Take a share back', params: one, response: { 204: z.undefined() } },
    },
    async (request, reply) => {
      const { projectId, shareId: id } = request.params
      await revoke(specs, { id, projectId }, projectStandingOf(request))
      return reply.code(204).send()
    },
  )
}
