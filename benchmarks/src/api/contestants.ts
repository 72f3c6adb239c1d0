import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { plainEnvironment } from '../environment.ts'
import { runFailed } from '../failures.ts'

export const contestants = ['floor', 'api'] as const
export type Contestant = (typeof contestants)[number]

/** A program that answers at a URL until it is disposed of. */
export interface Running extends AsyncDisposable {
  readonly url: string
}

export interface Urls {
  readonly auth: string
  readonly specs: string
}

/** Signs the tokens of both, so that who signed in at the API may ask the floor too. */
const secret = randomBytes(32).toString('hex')

const programs: Readonly<Record<Contestant, string>> = {
  floor: 'benchmarks/src/api/floor.ts',
  api: 'apps/api/bin/api.js',
}

/** Starts one as a process of its own, the sweeper beside the API as ever; what it logs goes nowhere. */
export async function startContestant(root: string, contestant: Contestant, urls: Urls): Promise<Running> {
  const port = String(await freePort())
  const child = spawn(process.execPath, [join(root, programs[contestant])], {
    cwd: root,
    stdio: 'ignore',
    env: {
      ...plainEnvironment(),
      NODE_ENV: 'production',
      DATABASE_URL_AUTH: urls.auth,
      DATABASE_URL_SPECS: urls.specs,
      API_TOKEN_SECRET: secret,
      API_PORT: port,
      API_RATE_LIMIT: '1000000',
      API_SIGN_IN_RATE_LIMIT: '1000000',
      FLOOR_PORT: port,
    },
  })
  const ended = once(child, 'exit')
  const url = `http://127.0.0.1:${port}`
  while (!(await answers(url))) {
    if (child.exitCode !== null) throw runFailed({ contestant, exitCode: child.exitCode, said: '' })
    await sleep(50)
  }
  return {
    url,
    async [Symbol.asyncDispose]() {
      // At once: nobody waits for what it would still finish.
      child.kill('SIGKILL')
      await ended
    },
  }
}

const answers = (url: string): Promise<boolean> =>
  fetch(`${url}/health`).then(
    ({ ok }) => ok,
    () => false,
  )

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || address === null) throw new TypeError('The server has no port.')
  return address.port
}
