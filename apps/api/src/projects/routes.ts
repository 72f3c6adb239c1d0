import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import * as z from 'zod'
import { onProject, signedIn } from '../access/access.ts'
import { callerOf, projectStandingOf } from '../access/hooks.ts'
import { Id } from '../openapi/text.ts'
import { readPage } from '../pagination/page.ts'
import type { Services } from '../services.ts'
import { present, timesOf, visibleTo } from './queries.ts'
import { NewProject, OwnProject, Project, ProjectChange, ProjectPage, ProjectQuery } from './schemas.ts'

const tags = ['projects']
const params = z.strictObject({ projectId: Id })

/** Projects: the caller's own, and those that are shared with him. */
export const projectRoutes: FastifyPluginAsyncZod<Services> = async (app, { specs }) => {
  app.get(
    '/projects',
    {
      config: { access: signedIn, alsoRefuses: [410] },
      schema: {
        tags,
        summary: 'Projects that the caller may look at, newest first',
        querystring: ProjectQuery,
        response: { 200: ProjectPage },
      },
    },
    async (request) => {
      const { phase, status, ...page } = request.query
      const visible = visibleTo(callerOf(request).userId)
      const filter = { ...(phase && { phase }), ...(status && { status }) }
      const { items, next } = await readPage(
        page,
        (place) =>
          specs.project.findMany({
            where: { AND: [visible, filter] },
            orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
            ...place,
          }),
        (id) => specs.project.findFirst({ where: { AND: [visible, { id }] }, select: { id: true } }),
      )
      return { items: items.map(present), next }
    },
  )

  app.post(
    '/projects',
    {
      config: { access: signedIn },
      schema: { tags, summary: 'Begin a project', body: NewProject, response: { 201: Project } },
    },
    async (request, reply) => {
      const { userId } = callerOf(request)
      const project = await specs.project.create({ data: { ...request.body, userId } })
      return reply.code(201).header('location', `/v1/projects/${project.id}`).send(present(project))
    },
  )

  app.get(
    '/projects/:projectId',
    {
      config: { access: onProject('project.read') },
      schema: { tags, summary: 'One project', params, response: { 200: OwnProject } },
    },
    async (request) => {
      const project = await specs.project.findUniqueOrThrow({ where: { id: request.params.projectId } })
      return { ...present(project), standing: projectStandingOf(request) }
    },
  )

  app.patch(
    '/projects/:projectId',
    {
      config: { access: onProject('project.update') },
      schema: { tags, summary: 'Change a project', params, body: ProjectChange, response: { 200: Project } },
    },
    async ({ params: { projectId }, body }) => {
      const data = { ...body, ...timesOf(body.status) }
      return present(await specs.project.update({ where: { id: projectId }, data }))
    },
  )

  app.delete(
    '/projects/:projectId',
    {
      config: { access: onProject('project.delete') },
      schema: {
        tags,
        summary: 'Delete a project, with all that belongs to it',
        params,
        response: { 204: z.undefined() },
      },
    },
    async ({ params: { projectId } }, reply) => {
      await specs.project.delete({ where: { id: projectId }, select: { id: true } })
      return reply.code(204).send()
    },
  )
}
