import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { node, type Result, root, start } from './run.ts'
import { said } from './said.ts'

export const apiCommand = join(root, 'apps/api/bin/api.js')

/** The API as a process of its own, listening. */
export interface RunningApi {
  /** `http://127.0.0.1:…` */
  readonly url: string
  readonly secret: string
  readonly result: Promise<Result>
  /** What its log has called an error so far. */
  errors(): readonly string[]
  ask(path: string, request?: ApiRequest): Promise<ApiAnswer>
  signal(name: NodeJS.Signals): void
}

export interface ApiRequest {
  readonly method?: string
  readonly body?: unknown
  readonly token?: string
}

export interface ApiAnswer {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: a test compares it with what it expects
  readonly body: any
}

export async function startApi(env: Readonly<Record<string, string>>): Promise<RunningApi> {
  const secret = randomBytes(32).toString('hex')
  const { child, result } = start(node, [apiCommand], {
    cwd: root,
    env: { API_PORT: '0', API_TOKEN_SECRET: secret, ...env },
  })
  let log = ''
  child.stdout.on('data', (chunk: Buffer) => {
    log += chunk
  })
  const [, url = ''] = await said(child.stdout, /Server listening at (http:\/\/[\d.:]+)/).catch(
    async (error) => {
      throw new Error((await result).stderr, { cause: error })
    },
  )
  return {
    url,
    secret,
    result,
    errors: () => log.split('\n').filter((line) => line.includes('"level":50')),
    ask: (path, request) => ask(`${url}${path}`, request),
    signal: (name) => void child.kill(name),
  }
}

async function ask(url: string, { method = 'GET', body, token }: ApiRequest = {}): Promise<ApiAnswer> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json')
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
}
