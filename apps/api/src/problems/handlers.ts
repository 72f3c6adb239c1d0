import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { errorCode } from '@manybase/failure'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { refusalOf } from './from-error.ts'
import { type ProblemKind, problemOf, Refusal, statusOf } from './problem.ts'

/** Answers an error as problem details, and logs what is a fault of ours. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refusal = refusalOf(error)
  const problem = problemOf(refusal, request.id)
  if (problem.status === 500) request.log.error({ err: error }, 'a request failed')
  else if (problem.status === 503) request.log.warn({ err: refusal.cause }, refusal.message)
  const { retryAfter = problem.status === 503 ? 1 : undefined, headers = {} } = refusal.more
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter)
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer')
  return reply.code(problem.status).headers(headers).type('application/problem+json').send(problem)
}

/** Whatever is refused, also before any route has been found. */
export function handleProblems(app: FastifyInstance): void {
  app.setErrorHandler(sendProblem)
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, (request, reply) =>
    sendProblem(new Refusal('not-found', 'Nothing answers at this path.'), request, reply),
  )
}

/**
 * Makes other methods of a known path be 405 with `Allow`, where a router knows only that nothing fits. To be called
 * once every route is registered.
 */
export function refuseOtherMethods(
  app: FastifyInstance,
  methodsOf: ReadonlyMap<string, ReadonlySet<string>>,
): void {
  // What is registered here adds to the map, so the answers are made first.
  const known = [...methodsOf].map(([url, methods]) => [url, [...methods]] as const)
  for (const [url, methods] of known) {
    const others = everyMethod.filter((method) => !methods.includes(method))
    if (others.length === 0) continue
    app.route({
      method: others,
      url,
      schema: { hide: true },
      config: { access: { kind: 'open' } },
      // Before the body is read: which it is doesn't matter.
      onRequest: async () => {
        const headers = { allow: methods.join(', ') }
        throw new Refusal('method-not-allowed', `Allowed are ${headers.allow}.`, { headers })
      },
      handler: async () => undefined,
    })
  }
}

const everyMethod = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']

/** What isn't HTTP enough to become a request. */
export function refuseConnection(error: Error, socket: Socket): void {
  if (!socket.writable || errorCode(error) === 'ECONNRESET') return void socket.destroy()
  const kind: ProblemKind =
    errorCode(error) === 'HPE_HEADER_OVERFLOW' ? 'header-too-large' : 'request-invalid'
  const body = JSON.stringify(
    problemOf(new Refusal(kind, 'What was sent is no request that is read here.'), ''),
  )
  const status = statusOf(kind)
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/problem+json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
}
