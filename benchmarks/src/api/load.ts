import autocannon from 'autocannon'
import type { Somebody } from './people.ts'

export const connections = 100

export const mixes = ['health', 'read', 'list', 'create'] as const
export type Mix = (typeof mixes)[number]

export const mixNames: Readonly<Record<Mix, string>> = {
  health: 'GET /health',
  read: 'GET /v1/projects/:id',
  list: 'GET /v1/projects',
  create: 'POST /v1/projects',
}

/** What a hundred connections saw that asked without pause. */
export interface Run {
  readonly perSecond: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  /** Answers that were not 2xx, and requests without any. */
  readonly errors: number
}

/** @param seconds how long they ask */
export async function load(
  url: string,
  mix: Mix,
  people: readonly Somebody[],
  seconds: number,
): Promise<Run> {
  const requests = people.map((somebody) => requestOf(mix, somebody))
  const { latency, errors, non2xx, ...seen } = await autocannon({
    url,
    connections,
    duration: seconds,
    requests,
  })
  return { perSecond: seen.requests.average, p50: latency.p50, p99: latency.p99, errors: errors + non2xx }
}

function requestOf(mix: Mix, { token, projectId }: Somebody): autocannon.Request {
  const headers = { authorization: `Bearer ${token}` }
  switch (mix) {
    case 'health':
      return { path: '/health' }
    case 'read':
      return { path: `/v1/projects/${projectId}`, headers }
    case 'list':
      return { path: '/v1/projects', headers }
    case 'create': {
      const json = { ...headers, 'content-type': 'application/json' }
      return { method: 'POST', path: '/v1/projects', headers: json, body: '{"name":"under load"}' }
    }
  }
}
