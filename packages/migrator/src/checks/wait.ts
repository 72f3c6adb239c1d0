import { setTimeout as sleep } from 'node:timers/promises'
import { errorCode, errorMessage } from '@manybase/failure'
import { Client } from 'pg'
import type { Target } from '../catalog/resolve.ts'
import type { Slots } from '../fleet/slots.ts'
import { explainServerError } from '../server/explain.ts'
import { databaseMissing, serverRefused, tooManyConnections } from '../server/failures.ts'

/** How the waiting for one server ended. */
export type Waited =
  | {
      readonly kind: 'ready'
      readonly target: Target
      /** Release, as the server says it; undefined when the database doesn't exist yet. */
      readonly version: string | undefined
      readonly milliseconds: number
    }
  | { readonly kind: 'timeout'; readonly target: Target; readonly reason: string }

export interface WaitOptions {
  /** Milliseconds until it is given up. */
  readonly limit: number
  /** Called whenever there is another reason to wait. */
  readonly onWait?: (target: Target, reason: string) => void
  /** Bounds the attempts that are made at once. */
  readonly slots: Slots
}

/** Longest attempt and longest pause between two, in milliseconds. */
const [longestAttempt, longestPause] = [5000, 1000]

/**
 * Waits until a server answers a query. One that is down, starting, or full is waited for; a wrong password is
 * not going to become right.
 * @throws `server.wrong-password` and what else waiting doesn't mend
 */
export async function waitFor(target: Target, { limit, onWait, slots }: WaitOptions): Promise<Waited> {
  const start = performance.now()
  let told: string | undefined
  for (let pause = 50; ; pause = Math.min(pause * 1.5, longestPause)) {
    const attempt = await slots.use(() => {
      const left = limit - (performance.now() - start)
      return ask(target, Math.max(1, Math.min(left, longestAttempt)))
    })
    if (attempt.kind === 'ready') return { ...attempt, target, milliseconds: performance.now() - start }
    const { reason } = attempt
    if (reason !== told) onWait?.(target, reason)
    told = reason
    if (performance.now() - start + pause > limit) return { kind: 'timeout', target, reason }
    await sleep(pause)
  }
}

type Attempt =
  | { readonly kind: 'ready'; readonly version: string | undefined }
  | { readonly kind: 'waiting'; readonly reason: string }

async function ask(target: Target, milliseconds: number): Promise<Attempt> {
  const client = new Client({
    connectionString: target.connection.connectionString,
    application_name: 'manybase migrator',
    connectionTimeoutMillis: milliseconds,
    query_timeout: milliseconds,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{ version: string }>(
      `SELECT current_setting('server_version') AS version`,
    )
    return { kind: 'ready', version: rows[0]?.version }
  } catch (error) {
    const code = errorCode(explainServerError(error, target))
    // The server answers; the database is for a migration to make.
    if (code === databaseMissing.code) return { kind: 'ready', version: undefined }
    if (code !== serverRefused.code && code !== tooManyConnections.code && !isNameError(error))
      throw explainServerError(error, target)
    return { kind: 'waiting', reason: describe(error) }
  } finally {
    await client.end().catch(() => {})
  }
}

/** In a network that is just being made, names come up late. */
const isNameError = (error: unknown): boolean => ['ENOTFOUND', 'EAI_AGAIN'].includes(errorCode(error) ?? '')

function describe(error: unknown): string {
  const code = errorCode(error)
  return code !== undefined && /^E[A-Z_]+$/.test(code) ? code : errorMessage(error)
}
