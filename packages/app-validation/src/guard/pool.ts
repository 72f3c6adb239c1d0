import pg from 'pg'
import type { Address } from '../databases/database.ts'
import type { Send } from './ask.ts'
import type { Settings } from './options.ts'

/**
 * The connections to one referenced database. Whoever waits for one of `outer` holds nothing yet; whoever waits for one
 * of `inner` is inside an interactive transaction, and holds a connection of the referencing database. Were they the
 * same, the first kind could hold what the second waits for, and the other way round: so pools of any size, one
 * included, never wait in a circle.
 */
export interface Pools {
  readonly outer: pg.Pool
  readonly inner: pg.Pool
  end(): Promise<void>
}

export function openPools({ pool }: Pick<Address, 'pool'>, settings: Settings): Pools {
  const open = () => {
    const opened = new pg.Pool({ ...pool(), ...limits(settings) })
    // A connection that is lost while nobody uses it is replaced by the next who does.
    opened.on('error', () => {})
    return opened
  }
  const [outer, inner] = [open(), open()]
  return {
    outer,
    inner,
    end: async () => {
      await Promise.all([outer.end(), inner.end()])
    },
  }
}

/**
 * Milliseconds. The server's limit comes first; the driver's is for a server that doesn't answer at all, and has to bear
 * one that is merely busy, or a busy program that reads the answer late.
 */
const margin = 3000

const limits = ({ size, maxWait, lockTimeout }: Settings): pg.PoolConfig => ({
  max: size,
  connectionTimeoutMillis: maxWait,
  query_timeout: lockTimeout === 0 ? 0 : lockTimeout + margin,
  // The guard alone is no reason for a program to stay.
  allowExitOnIdle: true,
})

/**
 * What opens the transaction that holds rows. It changes nothing that would have to survive a crash, so nothing waits
 * for the disk; set for the transaction alone, as a pooler that shares sessions needs it.
 */
export const beginStatements = ({ lockTimeout, holdTimeout }: Settings): readonly string[] => [
  'BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE',
  `SET LOCAL lock_timeout = ${lockTimeout}`,
  `SET LOCAL idle_in_transaction_session_timeout = ${holdTimeout}`,
  'SET LOCAL synchronous_commit = off',
]

/** One message of the simple protocol, however many statements. */
export const sendOn =
  (client: { readonly query: (text: string) => Promise<unknown> }): Send =>
  async (statements) => {
    const answer = await client.query(statements.join('; '))
    const results: unknown[] = Array.isArray(answer) ? answer : [answer]
    return results.map(rowsOf)
  }

const rowsOf = (result: unknown): readonly Readonly<Record<string, unknown>>[] =>
  typeof result === 'object' && result !== null && 'rows' in result && Array.isArray(result.rows)
    ? result.rows
    : []
