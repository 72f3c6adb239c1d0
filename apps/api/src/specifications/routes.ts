import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import * as z from 'zod'
import { onProject } from '../access/access.ts'
import { callerOf } from '../access/hooks.ts'
import { Id } from '../openapi/text.ts'
import { readPage } from '../pagination/page.ts'
import type { Services } from '../services.ts'
import { present, revise, specify } from './queries.ts'
import {
  NewSpecification,
  Specification,
  SpecificationChange,
  SpecificationPage,
  SpecificationQuery,
} from './schemas.ts'

const tags = ['specifications']
const ofProject = z.strictObject({ projectId: Id })
const one = z.strictObject({ projectId: Id, specificationId: Id })

/** What is specified, version by version. */
export const specificationRoutes: FastifyPluginAsyncZod<Services> = async (app, { specs }) => {
  app.get(
    '/projects/:projectId/specifications',
    {
      config: { access: onProject('specification.read'), alsoRefuses: [410] },
      schema: {
        tags,
        summary: 'Specifications of a project, newest first',
        params: ofProject,
        querystring: SpecificationQuery,
        response: { 200: SpecificationPage },
      },
    },
    async ({ params: { projectId }, query: { category, status, ...page } }) => {
      const { items, next } = await readPage(
        page,
        (place) =>
          specs.specification.findMany({
            where: { projectId, ...(category && { category }), ...(status && { status }) },
            orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
            ...place,
          }),
        (id) => specs.specification.findFirst({ where: { projectId, id }, select: { id: true } }),
      )
      return { items: items.map(present), next }
    },
  )

  app.post(
    '/projects/:projectId/specifications',
    {
      config: { access: onProject('specification.create') },
      schema: {
        tags,
        summary: 'Specify something, or its next version',
        params: ofProject,
        body: NewSpecification,
        response: { 201: Specification },
      },
    },
    async ({ params: { projectId }, body }, reply) => {
      const written = await specify(specs, projectId, body)
      return reply
        .code(201)
        .header('location', `/v1/projects/${projectId}/specifications/${written.id}`)
        .send(present(written))
    },
  )

  app.get(
    '/projects/:projectId/specifications/:specificationId',
    {
      config: { access: onProject('specification.read') },
      schema: { tags, summary: 'One specification', params: one, response: { 200: Specification } },
    },
    async ({ params: { projectId, specificationId: id } }) =>
      present(await specs.specification.findFirstOrThrow({ where: { id, projectId } })),
  )

  app.patch(
    '/projects/:projectId/specifications/:specificationId',
    {
      config: { access: onProject('specification.update') },
      schema: {
        tags,
        summary: 'Change, confirm or reject a draft',
        params: one,
        body: SpecificationChange,
        response: { 200: Specification },
      },
    },
    async (request) => present(await revise(specs, request.params, request.body, callerOf(request).userId)),
  )

  app.delete(
    '/projects/:projectId/specifications/:specificationId',
    {
      config: { access: onProject('specification.delete') },
      schema: { tags, summary: 'Delete a version', params: one, response: { 204: z.undefined() } },
    },
    async ({ params: { projectId, specificationId: id } }, reply) => {
      await specs.specification.delete({ where: { id, projectId }, select: { id: true } })
      return reply.code(204).send()
    },
  )
}
