import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Registry } from 'prom-client'
import * as z from 'zod'
import { bearerOfSecret, open } from '../access/access.ts'
import { bearerIn } from '../access/authenticate.ts'
import { Refusal } from '../problems/problem.ts'
import type { Settings } from '../settings/settings.ts'
import { isSecret } from './metrics.ts'
import { type DatabaseStates, isReady, whyNot } from './readiness.ts'

export interface Operations {
  readonly settings: Settings
  readonly readiness: () => Promise<DatabaseStates>
  readonly registry: Registry
  /** Measurements of the references between the databases, as Prometheus reads them. */
  readonly integrity: () => Promise<string>
}

const State = z.enum(['ready', 'ahead'])
const tags = ['operations']

/** For whoever runs this: probes and measurements. */
export const operationRoutes: FastifyPluginAsyncZod<Operations> = async (
  app,
  { settings, readiness, registry, integrity },
) => {
  // Probes come often, and from one address.
  const config = { access: open, rateLimit: false } as const

  app.get(
    '/health',
    {
      config,
      schema: {
        tags,
        summary: 'Whether the process is alive; asks no database',
        response: { 200: z.object({ status: z.literal('alive') }) },
      },
    },
    async () => ({ status: 'alive' }) as const,
  )

  app.get(
    '/ready',
    {
      config,
      schema: {
        tags,
        summary: 'Whether both databases answer and are at head, or ahead of it',
        response: { 200: z.object({ status: z.literal('ready'), databases: z.record(z.string(), State) }) },
      },
    },
    async () => {
      const states = await readiness()
      if (!isReady(states)) throw new Refusal('not-ready', whyNot(states), { retryAfter: 1 })
      return { status: 'ready' as const, databases: z.record(z.string(), State).parse(states) }
    },
  )

  app.get(
    '/metrics',
    {
      config: { access: bearerOfSecret, rateLimit: false },
      schema: {
        tags,
        summary: 'Measurements, for Prometheus',
        description:
          'Takes the token of API_METRICS_TOKEN as bearer. Where that isn’t set there is nothing here.',
        response: { 200: { content: { 'text/plain': { schema: z.string() } } } },
      },
    },
    async (request, reply) => {
      const { metricsToken } = settings
      if (metricsToken === undefined) throw new Refusal('not-found', 'Measurements are not served.')
      if (!isSecret(bearerIn(request), metricsToken))
        throw new Refusal('sign-in-needed', 'It takes the token for measurements.')
      return await reply.type(registry.contentType).send(`${await registry.metrics()}${await integrity()}`)
    },
  )
}
