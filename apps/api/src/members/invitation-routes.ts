import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import * as z from 'zod'
import { onTeam, signedIn } from '../access/access.ts'
import { callerOf } from '../access/hooks.ts'
import { startBeat } from '../auth/beat.ts'
import { Id } from '../openapi/text.ts'
import { PageQuery, readPage } from '../pagination/page.ts'
import { Refusal } from '../problems/problem.ts'
import type { Services } from '../services.ts'
import { inTeam } from '../teams/queries.ts'
import { findNames } from '../users/names.ts'
import { checkGrant, findInvitee, invite, rolesBelow, unlessGone } from './queries.ts'
import { InvitationPage, Invitee, NewInvitation } from './schemas.ts'

const tags = ['members']
const params = z.strictObject({ teamId: Id })
const gone = 'There is no such invitation (any more).'

/** Invitations: given by a team, answered by whom they are for. */
export const invitationRoutes: FastifyPluginAsyncZod<Services> = async (app, { auth, specs, settings }) => {
  // Trying addresses out is no use, and slow.
  const rateLimit = { max: settings.signInRateLimit, groupId: 'invitations' }

  app.post(
    '/teams/:teamId/invitations',
    {
      config: { access: onTeam('member.create'), rateLimit },
      schema: {
        tags,
        summary: 'Invite somebody by address or id',
        description: 'Whether an address has an account is not said, and doesn’t show before he accepts.',
        params,
        body: NewInvitation,
        response: { 202: z.undefined() },
      },
    },
    async (request, reply) => {
      const nextBeat = startBeat()
      const {
        params: { teamId },
        body,
      } = request
      const { userId: invitedBy } = callerOf(request)
      const invitee = await findInvitee(auth, body)
      const send = () =>
        inTeam(specs, { teamId, userId: invitedBy, action: 'member.create' }, async (team) => {
          checkGrant(team.standing, body.role)
          return invitee && (await invite(team, { teamId, userId: invitee }, { role: body.role, invitedBy }))
        })
      if ('email' in body) {
        await unlessGone(send)
        await nextBeat()
      } else if (!(await send())) throw new Refusal('taken', 'He is a member, or invited, already.')
      return reply.code(202).send()
    },
  )

  app.post(
    '/teams/:teamId/invitations/withdraw',
    {
      config: { access: onTeam('member.delete'), rateLimit },
      schema: {
        tags,
        summary: 'Take an invitation back, if there is one',
        params,
        body: Invitee,
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      const nextBeat = startBeat()
      const { teamId } = request.params
      const invitee = await findInvitee(auth, request.body)
      const caller = { teamId, userId: callerOf(request).userId, action: 'member.delete' } as const
      await inTeam(specs, caller, async ({ tx, standing }) => {
        const role = { in: rolesBelow(standing) }
        if (invitee !== undefined)
          await tx.teamMember.deleteMany({ where: { teamId, userId: invitee, status: 'invited', role } })
      })
      await nextBeat()
      return reply.code(204).send()
    },
  )

  app.get(
    '/users/me/invitations',
    {
      config: { access: signedIn, alsoRefuses: [410] },
      schema: {
        tags,
        summary: 'Teams that invite the caller, newest first',
        querystring: PageQuery,
        response: { 200: InvitationPage },
      },
    },
    async (request) => {
      const { userId } = callerOf(request)
      const { items, next } = await readPage(
        request.query,
        (place) =>
          specs.teamMember.findMany({
            where: { userId, status: 'invited' },
            orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
            include: { team: { select: { id: true, name: true, slug: true } } },
            ...place,
          }),
        (id) => specs.teamMember.findFirst({ where: { id, userId }, select: { id: true } }),
      )
      const names = await findNames(
        auth,
        items.map(({ invitedBy }) => invitedBy),
      )
      const present = ({ id, team, role, invitedBy, createdAt }: (typeof items)[number]) => ({
        id,
        team,
        role,
        invitedBy: names.get(invitedBy ?? '') ?? null,
        invitedAt: createdAt,
      })
      return { items: items.map(present), next }
    },
  )

  app.post(
    '/users/me/invitations/:teamId/accept',
    {
      config: { access: signedIn },
      schema: { tags, summary: 'Join a team', params, response: { 204: z.undefined() } },
    },
    async (request, reply) => {
      const { count } = await specs.teamMember.updateMany({
        where: { teamId: request.params.teamId, userId: callerOf(request).userId, status: 'invited' },
        data: { status: 'active', joinedAt: new Date() },
      })
      if (count === 0) throw new Refusal('not-found', gone)
      return reply.code(204).send()
    },
  )

  app.delete(
    '/users/me/invitations/:teamId',
    {
      config: { access: signedIn },
      schema: { tags, summary: 'Decline to join a team', params, response: { 204: z.undefined() } },
    },
    async (request, reply) => {
      const { count } = await specs.teamMember.deleteMany({
        where: { teamId: request.params.teamId, userId: callerOf(request).userId, status: 'invited' },
      })
      if (count === 0) throw new Refusal('not-found', gone)
      return reply.code(204).send()
    },
  )
}
