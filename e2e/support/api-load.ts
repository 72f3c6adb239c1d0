import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiAnswer, ApiRequest, RunningApi } from './api.ts'

/** Somebody who is signed in. */
export interface Somebody {
  readonly id: string
  readonly token: string
}

const password = 'correct horse battery staple'

/** Signs somebody up, and in. */
export async function makeSomebody({ ask }: RunningApi): Promise<Somebody> {
  const username = randomUUID()
  const account = { email: `${username}@example.org`, username, name: 'Ada', surname: 'Lovelace', password }
  const { id } = created(await ask('/v1/users', { method: 'POST', body: account }))
  const { body } = await ask('/v1/auth/sign-in', { method: 'POST', body: { email: account.email, password } })
  return { id, token: String(body.accessToken) }
}

export const beginProject = ({ ask }: RunningApi, { token }: Somebody): Promise<ApiAnswer> =>
  ask('/v1/projects', { method: 'POST', token, body: { name: 'under load' } })

export function created({ status, body }: ApiAnswer): { readonly id: string } {
  if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`)
  return { id: String(body.id) }
}

/** What people saw who went on working whatever happened to the databases. */
export interface Load {
  /** Ids of the projects that were answered 201. */
  readonly kept: readonly string[]
  /** How many answers asked to come back later, rightly. */
  readonly putOff: number
  /** Answers that nobody should get, as text. */
  readonly wrong: readonly string[]
  /** Resolves once each of them has begun another project from now on. */
  everybodySucceeds(): Promise<void>
  /** Resolves once nothing is under way any more. */
  stop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Everybody reads from both databases and writes, at once and without end. */
export function startLoad(api: RunningApi, people: readonly Somebody[]): Load {
  const kept: string[] = []
  const wrong: string[] = []
  const successes = new Map<Somebody, number>()
  let putOff = 0
  let stopped = false
  const take = (name: string, answer: ApiAnswer): boolean => {
    if (answer.status < 300) return true
    if (asksToComeBack(answer)) putOff++
    else wrong.push(`${name}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return false
  }
  const work = async (somebody: Somebody) => {
    while (!stopped) {
      try {
        const ask = (path: string, request?: ApiRequest) =>
          api.ask(path, { token: somebody.token, ...request })
        take('GET /v1/users/me', await ask('/v1/users/me'))
        take('GET /v1/projects', await ask('/v1/projects?limit=3'))
        const answer = await beginProject(api, somebody)
        if (take('POST /v1/projects', answer)) {
          kept.push(created(answer).id)
          successes.set(somebody, (successes.get(somebody) ?? 0) + 1)
        } else await sleep(100)
      } catch (error) {
        wrong.push(`no answer: ${String(error)} ${error instanceof Error ? String(error.cause) : ''}`)
        await sleep(100)
      }
    }
  }
  const working = people.map(work)
  const stop = async () => {
    stopped = true
    await Promise.all(working)
  }
  return {
    kept,
    wrong,
    get putOff() {
      return putOff
    },
    async everybodySucceeds() {
      const before = new Map(successes)
      const goesOn = (each: Somebody) => (successes.get(each) ?? 0) > (before.get(each) ?? 0)
      while (!people.every(goesOn)) await sleep(20)
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

/** The one refusal that is right without the caller having done anything wrong. */
const asksToComeBack = ({ status, headers, body }: ApiAnswer): boolean =>
  status === 503 &&
  headers.get('content-type')?.startsWith('application/problem+json') === true &&
  Number(headers.get('retry-after')) > 0 &&
  body.retryable === true
