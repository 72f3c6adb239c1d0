import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import * as z from 'zod'
import { onProject } from '../access/access.ts'
import { callerOf } from '../access/hooks.ts'
import { Id } from '../openapi/text.ts'
import { PageQuery, readPage } from '../pagination/page.ts'
import { Refusal } from '../problems/problem.ts'
import type { Services } from '../services.ts'
import { checkSession, inSession, say } from './queries.ts'
import { Answer, NewQuestion, Question, QuestionPage } from './schemas.ts'

const tags = ['sessions']
const ofSession = z.strictObject({ projectId: Id, sessionId: Id })
const one = z.strictObject({ projectId: Id, sessionId: Id, questionId: Id })

/** What is asked and answered in a conversation. */
export const questionRoutes: FastifyPluginAsyncZod<Services> = async (app, { specs }) => {
  app.get(
    '/projects/:projectId/sessions/:sessionId/questions',
    {
      config: { access: onProject('question.read'), alsoRefuses: [410] },
      schema: {
        tags,
        summary: 'Questions of a conversation, newest first',
        params: ofSession,
        querystring: PageQuery,
        response: { 200: QuestionPage },
      },
    },
    async ({ params, query }) => {
      await checkSession(specs, params)
      return await readPage(
        query,
        (place) =>
          specs.question.findMany({
            where: params,
            orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
            ...place,
          }),
        (id) => specs.question.findFirst({ where: { ...params, id }, select: { id: true } }),
      )
    },
  )

  app.post(
    '/projects/:projectId/sessions/:sessionId/questions',
    {
      config: { access: onProject('question.create') },
      schema: {
        tags,
        summary: 'Ask a question',
        params: ofSession,
        body: NewQuestion,
        response: { 201: Question },
      },
    },
    async ({ params, body }, reply) => {
      const question = await inSession(specs, params, async (tx) => {
        const data = { ...body, ...params, status: 'asked', askedAt: new Date() } as const
        const asked = await tx.question.create({ data })
        const { sessionId } = params
        await say(tx, { sessionId, questionId: asked.id, role: 'assistant', content: body.content })
        return asked
      })
      return reply.code(201).send(question)
    },
  )

  app.put(
    '/projects/:projectId/sessions/:sessionId/questions/:questionId/answer',
    {
      config: { access: onProject('question.answer') },
      schema: {
        tags,
        summary: 'Answer a question, once',
        params: one,
        body: Answer,
        response: { 200: Question },
      },
    },
    async (request) => {
      const { questionId, ...place } = request.params
      const { answer } = request.body
      return await inSession(specs, place, async (tx) => {
        const question = await tx.question.findFirst({ where: { id: questionId, ...place } })
        if (!question) throw new Refusal('not-found', 'There is no such question in this session.')
        if (question.status === 'answered') throw new Refusal('conflict', 'The question is answered already.')
        const author = callerOf(request)
        await say(tx, { sessionId: place.sessionId, questionId, role: 'user', content: answer, author })
        // Asked by another process, whose clock may be ahead: an answer isn't before its question.
        const answeredAt = new Date(Math.max(Date.now(), question.askedAt?.getTime() ?? 0))
        const answered = { status: 'answered', answer, answeredAt } as const
        return await tx.question.update({ where: { id: questionId }, data: answered })
      })
    },
  )
}
