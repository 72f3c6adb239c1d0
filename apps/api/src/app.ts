import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import { guardReferences } from '@manybase/app-validation/guard'
import type { AuthClient } from '@socrates/db-auth'
import type { SpecsClient } from '@socrates/db-specs'
import Fastify, { type FastifyInstance } from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import { enforceAccess } from './access/hooks.ts'
import { makeAccessTokens } from './auth/access-tokens.ts'
import { authRoutes } from './auth/routes.ts'
import { deletionRoutes } from './deletion/routes.ts'
import { loggerOptions } from './logging.ts'
import { invitationRoutes } from './members/invitation-routes.ts'
import { memberRoutes } from './members/routes.ts'
import { completeSchema, describeApi } from './openapi/document.ts'
import { readIntegrity } from './operations/integrity.ts'
import { measureRequests } from './operations/metrics.ts'
import { historyOf, makeReadiness } from './operations/readiness.ts'
import { operationRoutes } from './operations/routes.ts'
import { handleProblems, refuseConnection, refuseOtherMethods, sendProblem } from './problems/handlers.ts'
import { Refusal } from './problems/problem.ts'
import { projectRoutes } from './projects/routes.ts'
import type { Keepers, Services } from './services.ts'
import { messageRoutes } from './sessions/message-routes.ts'
import { questionRoutes } from './sessions/question-routes.ts'
import { sessionRoutes } from './sessions/routes.ts'
import type { Settings } from './settings/settings.ts'
import { shareRoutes } from './shares/routes.ts'
import { specificationRoutes } from './specifications/routes.ts'
import { teamRoutes } from './teams/routes.ts'
import { userRoutes } from './users/routes.ts'

export interface AppOptions {
  /** Clients of the two databases; closing the app disconnects them. */
  readonly auth: AuthClient
  readonly specs: SpecsClient
  /** The same databases as the role sees them that follows deletions; the clients' own unless said otherwise. */
  readonly keepers?: Keepers
  readonly settings: Settings
  /** Where the log goes; stdout by default. */
  readonly logTo?: { write(line: string): void }
}

/** The API, which listens nowhere yet: `listen` it, or `inject` requests in a test. */
export async function buildApp({
  auth,
  specs,
  keepers = { auth, specs },
  settings,
  logTo,
}: AppOptions): Promise<FastifyInstance> {
  const app = Fastify({
    logger: loggerOptions(settings, logTo),
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    trustProxy: settings.trustedProxies.length > 0 ? [...settings.trustedProxies] : false,
    bodyLimit: 64 * 1024,
    requestTimeout: 15_000,
    handlerTimeout: settings.requestTimeout * 1000,
    forceCloseConnections: 'idle',
    // Whoever has a connection still is answered as always, and told to close it.
    return503OnClosing: false,
    clientErrorHandler: refuseConnection,
    frameworkErrors: sendProblem,
  }).withTypeProvider<ZodTypeProvider>()
  const guarded = guardReferences(specs, { auth })
  const services: Services = { auth, specs: guarded, keepers, settings, tokens: makeAccessTokens(settings) }

  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.removeContentTypeParser('text/plain')
  app.addHook('onClose', async () => {
    await Promise.all([guarded.$disconnect(), auth.$disconnect()])
  })
  const registry = measureRequests(app)
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: nothing },
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
  })
  // Who has hung up has no address any more to be counted under, and waits for no answer.
  app.addHook('onRequest', async ({ raw }, reply) => {
    if (raw.socket.destroyed) reply.hijack()
  })
  await app.register(rateLimit, {
    max: settings.rateLimit,
    timeWindow: '1 minute',
    // Whoever has one address of IPv6 has as many as he likes.
    ipv6Subnet: 64,
    errorResponseBuilder: (_request, { ttl }) =>
      new Refusal('too-many-requests', `Go on in ${Math.ceil(ttl / 1000)} seconds.`),
  })
  closeConnectionsAtEnd(app)
  // Nearly everything is somebody's own, and tokens are among it.
  app.addHook('onRequest', async (_request, reply) => void reply.header('cache-control', 'no-store'))
  handleProblems(app)
  await describeApi(app)
  await app.register(async (scope) => {
    const methods = collectMethods(scope)
    scope.addHook('onRoute', completeSchema)
    enforceAccess(scope, services)
    const databases = [
      { name: 'socrates_auth', client: auth, history: historyOf('db-auth') },
      { name: 'socrates_specs', client: specs, history: historyOf('db-specs') },
    ]
    const integrity = () => readIntegrity(keepers, app.log)
    await scope.register(operationRoutes, {
      settings,
      registry,
      integrity,
      readiness: makeReadiness(databases),
    })
    for (const routes of resources) await scope.register(routes, { prefix: '/v1', ...services })
    refuseOtherMethods(scope, methods)
  })
  await app.ready()
  return app
}

const resources = [
  authRoutes,
  userRoutes,
  deletionRoutes,
  projectRoutes,
  sessionRoutes,
  questionRoutes,
  messageRoutes,
  specificationRoutes,
  teamRoutes,
  memberRoutes,
  invitationRoutes,
  shareRoutes,
]

/**
 * Fastify closes what is idle. What is busy then would be kept alive, and what never carried a request counts as busy:
 * either would keep the process from ending.
 */
function closeConnectionsAtEnd(app: FastifyInstance): void {
  let closing = false
  const unused = new Set<Socket>()
  app.server.on('connection', (socket) => {
    unused.add(socket)
    socket.once('close', () => unused.delete(socket))
  })
  app.server.on('request', ({ socket }) => unused.delete(socket))
  app.addHook('preClose', async () => {
    closing = true
    for (const socket of unused) socket.destroy()
  })
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close')
  })
}

/** An API's answers load nothing. */
const nothing = {
  defaultSrc: ["'none'"],
  frameAncestors: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
}

function collectMethods(app: FastifyInstance): ReadonlyMap<string, ReadonlySet<string>> {
  const methods = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ url, method }) => {
    const known = methods.get(url) ?? new Set()
    for (const each of [method].flat()) known.add(each)
    methods.set(url, known)
  })
  return methods
}
