import { setTimeout as sleep } from 'node:timers/promises'
import { errorCode } from '@manybase/failure'
import type { Client } from 'pg'
import { databaseInUse } from './failures.ts'
import { connectBeside, type Site, usersOf } from './site.ts'

/** A restored database and the name that it is to have. */
export interface Exchange {
  readonly site: Site
  /** What it is called so far. */
  readonly restored: string
  /** What it is to be called. */
  readonly name: string
  /** The name of the old one from now on; undefined where there is none. */
  readonly kept?: string
}

const objectInUse = '55006'

/**
 * Gives the restored databases of one server their names, all in one transaction: after a crash either all have
 * them or none. A rename locks the database against new connections and then waits five seconds for the others to
 * go, and the lock holds until the transaction ends; with `force` they are ended in that time.
 * @throws `restore.in-use`
 */
export async function swap(exchanges: readonly Exchange[], force: boolean): Promise<void> {
  const [first] = exchanges
  if (!first) return
  const { admin } = first.site
  const done = new AbortController()
  // Whoever could not be ended is still connected, and that is what the rename then says.
  const ending = force ? endConnections(exchanges, done.signal).catch(() => {}) : Promise.resolve()
  try {
    await admin.query('BEGIN')
    for (const { site, restored, name, kept } of exchanges) {
      if (kept !== undefined) await admin.query(renaming(site, site.name, kept))
      await admin.query(renaming(site, restored, name))
    }
    await admin.query('COMMIT')
  } catch (error) {
    await admin.query('ROLLBACK').catch(() => {})
    if (errorCode(error) !== objectInUse) throw error
    const users = (await Promise.all(exchanges.map(({ site }) => usersOf(site)))).flat()
    const names = exchanges.map(({ site }) => site.name).join(', ')
    throw databaseInUse(
      { database: names, users: users.length > 0 ? users : ['somebody, until just now'] },
      error,
    )
  } finally {
    done.abort()
    await ending
  }
}

const renaming = ({ admin }: Site, from: string, to: string): string =>
  `ALTER DATABASE ${admin.escapeIdentifier(from)} RENAME TO ${admin.escapeIdentifier(to)}`

const pause = 50

/** By connections of their own, since the other one waits. */
async function endConnections(exchanges: readonly Exchange[], signal: AbortSignal): Promise<void> {
  const [first] = exchanges
  if (!first) return
  const names = exchanges.map(({ site }) => site.name)
  const client = await connectBeside(first.site.database.targets[0])
  try {
    while (!signal.aborted) {
      // Those of a stronger role stay, and the rename then says that they are there.
      for (const pid of await connectionsTo(client, names)) {
        await client.query('SELECT pg_terminate_backend($1)', [pid]).catch(() => undefined)
      }
      await sleep(pause)
    }
  } finally {
    await client.end()
  }
}

async function connectionsTo(client: Client, names: readonly string[]): Promise<readonly number[]> {
  const { rows } = await client.query<{ pid: number }>(
    'SELECT pid FROM pg_stat_activity WHERE datname = ANY ($1) AND pid <> pg_backend_pid()',
    [names],
  )
  return rows.map(({ pid }) => pid)
}
