import { type RequestOptions, request } from 'node:http'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** A Docker engine that answers. */
export interface Engine {
  /** One call of its HTTP interface. */
  call(method: string, path: string): Promise<{ readonly status: number; readonly body: string }>
}

/** The engine that DOCKER_HOST names or, without it, the one in a usual place; undefined when none answers. */
export async function findEngine(env: NodeJS.ProcessEnv = process.env): Promise<Engine | undefined> {
  for (const address of addresses(env)) {
    const engine: Engine = { call: (method, path) => call(address, method, path) }
    const answer = await engine.call('GET', '/_ping').catch(() => undefined)
    if (answer?.status === 200) return engine
  }
  return undefined
}

function addresses(env: NodeJS.ProcessEnv): RequestOptions[] {
  const host = env.DOCKER_HOST
  if (host?.startsWith('unix://')) return [{ socketPath: host.slice('unix://'.length) }]
  if (host?.startsWith('npipe://')) return [{ socketPath: host.slice('npipe://'.length) }]
  if (host) {
    const url = URL.canParse(host) ? new URL(host) : undefined
    return url?.port ? [{ host: url.hostname, port: url.port }] : []
  }
  if (process.platform === 'win32') return [{ socketPath: '//./pipe/docker_engine' }]
  return ['/var/run/docker.sock', join(homedir(), '.docker/run/docker.sock')].map((socketPath) => ({
    socketPath,
  }))
}

function call(
  address: RequestOptions,
  method: string,
  path: string,
): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ ...address, method, path, timeout: 5_000 }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.once('error', reject)
      response.once('end', () => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') })
      })
    })
    sent.once('error', reject)
    sent.once('timeout', () => sent.destroy(new Error('the Docker engine does not answer')))
    sent.end()
  })
}
