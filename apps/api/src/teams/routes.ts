import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import * as z from 'zod'
import { onTeam, signedIn } from '../access/access.ts'
import { callerOf, teamStandingOf } from '../access/hooks.ts'
import { Id } from '../openapi/text.ts'
import { readPage } from '../pagination/page.ts'
import type { Services } from '../services.ts'
import { handOver, inTeam, takingPart } from './queries.ts'
import { NewOwner, NewTeam, OwnTeam, Team, TeamChange, TeamPage, TeamQuery } from './schemas.ts'

const tags = ['teams']
const params = z.strictObject({ teamId: Id })

/** Teams that the caller takes part in. */
export const teamRoutes: FastifyPluginAsyncZod<Services> = async (app, { specs }) => {
  app.get(
    '/teams',
    {
      config: { access: signedIn, alsoRefuses: [410] },
      schema: {
        tags,
        summary: 'Teams that the caller takes part in, newest first',
        querystring: TeamQuery,
        response: { 200: TeamPage },
      },
    },
    async (request) => {
      const { status, ...page } = request.query
      const own = takingPart(callerOf(request).userId)
      return await readPage(
        page,
        (place) =>
          specs.team.findMany({
            where: { AND: [own, { ...(status && { status }) }] },
            orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
            ...place,
          }),
        (id) => specs.team.findFirst({ where: { AND: [own, { id }] }, select: { id: true } }),
      )
    },
  )

  app.post(
    '/teams',
    {
      config: { access: signedIn },
      schema: {
        tags,
        summary: 'Found a team',
        description: 'Whether a slug is in use is told to everybody.',
        body: NewTeam,
        response: { 201: Team },
      },
    },
    async (request, reply) => {
      const { userId } = callerOf(request)
      const members = { create: { userId, role: 'owner', joinedAt: new Date() } } as const
      const team = await specs.team.create({ data: { ...request.body, ownerId: userId, members } })
      return reply.code(201).header('location', `/v1/teams/${team.id}`).send(team)
    },
  )

  app.get(
    '/teams/:teamId',
    {
      config: { access: onTeam('team.read') },
      schema: { tags, summary: 'One team', params, response: { 200: OwnTeam } },
    },
    async (request) => ({
      ...(await specs.team.findUniqueOrThrow({ where: { id: request.params.teamId } })),
      standing: teamStandingOf(request),
    }),
  )

  app.patch(
    '/teams/:teamId',
    {
      config: { access: onTeam('team.update') },
      schema: {
        tags,
        summary: 'Change a team',
        description: 'What is shared with an archived team is out of its reach until it is active again.',
        params,
        body: TeamChange,
        response: { 200: Team },
      },
    },
    async ({ params: { teamId }, body }) => {
      const archivedAt = body.status === 'archived' ? new Date() : null
      const data = { ...body, ...(body.status && { archivedAt }) }
      return await specs.team.update({ where: { id: teamId }, data })
    },
  )

  app.delete(
    '/teams/:teamId',
    {
      config: { access: onTeam('team.delete') },
      schema: {
        tags,
        summary: 'Delete a team, with its memberships and what was shared with it',
        params,
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      const { teamId } = request.params
      const { userId } = callerOf(request)
      await inTeam(specs, { teamId, userId, action: 'team.delete' }, ({ tx }) =>
        tx.team.delete({ where: { id: teamId }, select: { id: true } }),
      )
      return reply.code(204).send()
    },
  )

  app.put(
    '/teams/:teamId/owner',
    {
      config: { access: onTeam('team.hand-over') },
      schema: {
        tags,
        summary: 'Hand the team over to an active member',
        description: 'The caller stays as administrator, and may leave.',
        params,
        body: NewOwner,
        response: { 200: Team },
      },
    },
    async (request) => {
      const { teamId } = request.params
      const place = { teamId, userId: callerOf(request).userId, action: 'team.hand-over' } as const
      const successor = { teamId, userId: request.body.userId }
      return await inTeam(specs, place, (team) => handOver(team, successor))
    },
  )
}
