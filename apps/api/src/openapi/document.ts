import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance, RouteOptions } from 'fastify'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import * as z from 'zod'
import { type Access, needsSignIn, open } from '../access/access.ts'
import { Problem } from '../problems/problem.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Statuses that don't follow from what else the route says. */
    alsoRefuses?: readonly number[]
  }
}

/** Adds what follows from a route's other properties to its schema: how it refuses, and that it takes no other query. */
export function completeSchema(route: RouteOptions): void {
  const { schema, config } = route
  if (!schema || schema.hide || !config?.access) return
  const { access } = config
  schema.querystring ??= z.strictObject({})
  schema.response = { ...refusals(route, access), ...(isRecord(schema.response) ? schema.response : {}) }
  if (needsSignIn(access) || access.kind === 'bearer-of-secret') schema.security = [{ bearer: [] }]
}

/** By what a route is, so that no route forgets one. */
function refusals({ schema, method, config }: RouteOptions, access: Access): Record<number, unknown> {
  const statuses: readonly (readonly [number, boolean])[] = [
    [400, true],
    [401, needsSignIn(access) || access.kind === 'bearer-of-secret'],
    [403, access.kind === 'project' || access.kind === 'team' || access.kind === 'administrator'],
    // Also of oneself: the account may be gone since it was looked at.
    [404, schema?.params !== undefined || access.kind !== 'open'],
    [409, method !== 'GET' && access.kind !== 'bearer-of-secret'],
    [413, schema?.body !== undefined],
    [415, schema?.body !== undefined],
    [422, schema?.body !== undefined],
    [429, config?.rateLimit !== false],
    [500, true],
    [503, true],
  ]
  const may = [...statuses.flatMap(([status, may]) => (may ? [status] : [])), ...(config?.alsoRefuses ?? [])]
  return Object.fromEntries(may.map((status) => [status, answered(status)]))
}

const answered = (status: number) => ({
  description: descriptions[status] ?? '',
  content: { 'application/problem+json': { schema: Problem } },
})

const descriptions: Readonly<Record<number, string>> = {
  400: 'The request is not as documented',
  401: 'Not signed in, or the token isn’t valid',
  403: 'You may look, but not do this',
  404: 'It isn’t there, or not for you',
  409: 'It contradicts what is there',
  410: 'The list has no such place any more: begin again',
  413: 'The body is too large',
  415: 'The body is no JSON',
  422: 'The database does not take these values',
  429: 'Too many requests; Retry-After says when to go on',
  500: 'A fault of the server',
  503: 'A database is not available; Retry-After says when to try again',
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

/** The document at /docs/json, and a page to browse it at /docs, which loads nothing from elsewhere. */
export async function describeApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Socrates',
        version: '1',
        description:
          'Users live in one database, what they make in another. Every refusal is a problem detail (RFC 9457).',
      },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  })
  await app.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, access: open, rateLimit: false }
    })
    await scope.register(swaggerUi, {
      routePrefix: '/docs',
      staticCSP: policy,
      uiConfig: { persistAuthorization: false, validatorUrl: null },
    })
  })
}

/** Scripts and requests of its own only; its styles are set by script. */
const policy = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': ["'self'", "'unsafe-inline'"],
  'img-src': ["'self'", 'data:'],
  'connect-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
}
