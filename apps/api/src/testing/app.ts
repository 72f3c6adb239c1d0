import { type AuthClient, createAuthClient } from '@socrates/db-auth'
import { createSpecsClient, type SpecsClient } from '@socrates/db-specs'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { buildApp } from '../app.ts'
import type { Settings } from '../settings/settings.ts'
import { type Databases, makeDatabases } from './databases.ts'

export const testSettings: Settings = {
  tokenSecrets: ['a secret of thirty-two characters or more'],
  accessTokenLifetime: 600,
  signInLifetime: 86_400,
  requestTimeout: 60,
  rateLimit: 1_000_000,
  signInRateLimit: 1_000_000,
  trustedProxies: [],
  metricsToken: 'the-token-for-measurements-quite-long',
  logLevel: 'info',
}

/** The API over two databases of its own. */
export interface TestApp {
  readonly app: FastifyInstance
  /** The clients that the app was given. */
  readonly auth: AuthClient
  readonly specs: SpecsClient
  readonly databases: Databases
  /** Every line of the log so far. */
  readonly log: readonly string[]
  /** One request, and its answer with the body parsed. */
  ask(request: TestRequest): Promise<Answer>
  [Symbol.asyncDispose](): Promise<void>
}

export type TestRequest = Omit<InjectOptions, 'method'> & {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE' | 'OPTIONS' | 'HEAD'
  /** An access token. */
  readonly as?: string | undefined
}

export interface Answer {
  readonly status: number
  readonly headers: LightMyRequestResponse['headers']
  // biome-ignore lint/suspicious/noExplicitAny: a test compares it with what it expects
  readonly body: any
}

export async function makeTestApp(settings: Partial<Settings> = {}): Promise<TestApp> {
  const databases = await makeDatabases()
  const log: string[] = []
  const quiet = { log: { levels: [] }, pool: { size: 5 } }
  const auth = createAuthClient({ url: databases.auth.url, ...quiet })
  const specs = createSpecsClient({ url: databases.specs.url, ...quiet })
  const logTo = { write: (line: string) => log.push(line) }
  const app = await buildApp({ auth, specs, settings: { ...testSettings, ...settings }, logTo })
  return {
    app,
    auth,
    specs,
    databases,
    log,
    ask: (request) => ask(app, request),
    async [Symbol.asyncDispose]() {
      await app.close()
      await databases[Symbol.asyncDispose]()
    },
  }
}

async function ask(app: FastifyInstance, { as, ...request }: TestRequest): Promise<Answer> {
  const authorization = as === undefined ? {} : { authorization: `Bearer ${as}` }
  const response = await app.inject({ ...request, headers: { ...authorization, ...request.headers } })
  const type = String(response.headers['content-type'] ?? '')
  const body = type.includes('json') ? response.json() : response.body
  return { status: response.statusCode, headers: response.headers, body }
}
