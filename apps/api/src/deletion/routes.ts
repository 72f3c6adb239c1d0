import { readDeletion } from '@manybase/app-validation/deletion'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import * as z from 'zod'
import { administrator, bearerOfSecret, signedIn } from '../access/access.ts'
import { bearerIn } from '../access/authenticate.ts'
import { callerOf } from '../access/hooks.ts'
import { Id } from '../openapi/text.ts'
import { Refusal } from '../problems/problem.ts'
import type { Services } from '../services.ts'
import { deleteAsAdministrator } from './administer.ts'
import { anonymise } from './anonymise.ts'
import { deleteUser } from './delete-user.ts'
import { opensReceipt, receiptToken } from './receipt-token.ts'
import { Anonymised, Deleted, DeletionReport } from './schemas.ts'

const tags = ['deletion']

/** The end of an account, and what came of it in both databases. */
export const deletionRoutes: FastifyPluginAsyncZod<Services> = async (app, services) => {
  const { keepers, settings } = services
  // It may have to wait for what others have begun.
  const handlerTimeout = settings.requestTimeout * 2000

  app.delete(
    '/users/me',
    {
      handlerTimeout,
      config: { access: signedIn },
      schema: {
        tags,
        summary: 'Delete one’s account, with all that goes with it',
        description:
          'The account is gone at once, and what names it in the other database soon after. 409 where rows forbid it that have to be kept.',
        response: { 202: Deleted },
      },
    },
    async (request, reply) => {
      const { userId } = callerOf(request)
      await deleteUser(services, userId)
      return reply
        .code(202)
        .header('location', `/v1/deletions/${userId}`)
        .send({ deletionId: userId, receiptToken: receiptToken(settings, userId) })
    },
  )

  app.delete(
    '/users/:userId',
    {
      handlerTimeout,
      config: { access: administrator('users.delete') },
      schema: {
        tags,
        summary: 'Delete somebody’s account, as an administrator',
        params: z.strictObject({ userId: Id }),
        response: { 202: Deleted },
      },
    },
    async (request, reply) => {
      const userId = request.params.userId.toLowerCase()
      await deleteAsAdministrator(services, request, userId)
      return reply
        .code(202)
        .header('location', `/v1/deletions/${userId}`)
        .send({ deletionId: userId, receiptToken: receiptToken(settings, userId) })
    },
  )

  app.post(
    '/users/me/anonymise',
    {
      handlerTimeout,
      config: { access: signedIn },
      schema: {
        tags,
        summary: 'Erase one’s personal data where the account has to stay, such as for invoices',
        response: { 200: Anonymised },
      },
    },
    async (request) => {
      const { userId } = callerOf(request)
      const { anonymisedAt, done } = await anonymise(services, userId)
      return { id: userId, anonymisedAt, done: [...done] }
    },
  )

  app.get(
    '/deletions/:deletionId',
    {
      config: { access: bearerOfSecret },
      schema: {
        tags,
        summary: 'What was done for a deletion, and what is still going on',
        description: 'Takes the receipt token as bearer.',
        params: z.strictObject({ deletionId: Id }),
        response: { 200: DeletionReport },
      },
    },
    async (request) => {
      const { deletionId } = request.params
      if (!opensReceipt(settings, deletionId, bearerIn(request)))
        throw new Refusal('sign-in-needed', 'It takes the receipt token that the deletion was answered with.')
      const report = await readDeletion(
        keepers.auth,
        { specs: keepers.specs },
        {
          model: 'User',
          id: deletionId.toLowerCase(),
        },
      )
      if (!report) throw new Refusal('not-found', 'There is no such deletion.')
      return {
        id: report.id,
        status: report.isSwept ? ('swept' as const) : ('pending' as const),
        deletedAt: report.deletedAt,
        databases: report.databases.map(({ database, receipt }) => ({
          database,
          sweptAt: receipt?.sweptAt ?? null,
          done: Object.entries(receipt?.done ?? {}).map(([column, { action, rows, left }]) => ({
            column,
            action,
            rows,
            left,
          })),
          batch: receipt?.batch ?? null,
          hash: receipt?.hash ?? null,
        })),
      }
    },
  )
}
