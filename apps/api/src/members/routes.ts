import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import * as z from 'zod'
import { onTeam } from '../access/access.ts'
import { callerOf } from '../access/hooks.ts'
import { Id } from '../openapi/text.ts'
import { readPage } from '../pagination/page.ts'
import type { Services } from '../services.ts'
import { inTeam } from '../teams/queries.ts'
import { findNames } from '../users/names.ts'
import { changeMember, leave, removeMember } from './queries.ts'
import { Member, MemberChange, MemberPage, MemberQuery } from './schemas.ts'

const tags = ['members']
const ofTeam = z.strictObject({ teamId: Id })
const one = z.strictObject({ teamId: Id, userId: Id })

/** Who takes part in a team. Memberships are in one database, names in the other. */
export const memberRoutes: FastifyPluginAsyncZod<Services> = async (app, { auth, specs }) => {
  app.get(
    '/teams/:teamId/members',
    {
      config: { access: onTeam('member.read'), alsoRefuses: [410] },
      schema: {
        tags,
        summary: 'Members of a team, newest first; who is invited becomes one by accepting',
        params: ofTeam,
        querystring: MemberQuery,
        response: { 200: MemberPage },
      },
    },
    async ({ params: { teamId }, query: { role, ...page } }) => {
      const joined = { teamId, status: { not: 'invited' } } as const
      const { items, next } = await readPage(
        page,
        (place) =>
          specs.teamMember.findMany({
            where: { ...joined, ...(role && { role }) },
            orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
            ...place,
          }),
        (id) => specs.teamMember.findFirst({ where: { ...joined, id }, select: { id: true } }),
      )
      const names = await findNames(
        auth,
        items.map(({ userId }) => userId),
      )
      return { items: items.map((row) => ({ ...row, names: names.get(row.userId) ?? null })), next }
    },
  )

  app.patch(
    '/teams/:teamId/members/:userId',
    {
      config: { access: onTeam('member.update') },
      schema: {
        tags,
        summary: 'Give a member another role, or suspend him',
        description: 'Roles below one’s own only.',
        params: one,
        body: MemberChange,
        response: { 200: Member },
      },
    },
    async (request) => {
      const { params: place, body } = request
      const caller = { ...place, userId: callerOf(request).userId, action: 'member.update' } as const
      const member = await inTeam(specs, caller, (team) => changeMember(team, place, body))
      const names = await findNames(auth, [member.userId])
      return { ...member, names: names.get(member.userId) ?? null }
    },
  )

  app.delete(
    '/teams/:teamId/members/me',
    {
      config: { access: onTeam('team.leave') },
      schema: {
        tags,
        summary: 'Leave a team; its owner hands it over first',
        params: ofTeam,
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      const place = { teamId: request.params.teamId, userId: callerOf(request).userId }
      await inTeam(specs, { ...place, action: 'team.leave' }, (team) => leave(team, place))
      return reply.code(204).send()
    },
  )

  app.delete(
    '/teams/:teamId/members/:userId',
    {
      config: { access: onTeam('member.delete') },
      schema: {
        tags,
        summary: 'Remove a member whose role is below one’s own',
        params: one,
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      const place = request.params
      const caller = { ...place, userId: callerOf(request).userId, action: 'member.delete' } as const
      await inTeam(specs, caller, (team) => removeMember(team, place))
      return reply.code(204).send()
    },
  )
}
