import { PrismaPg } from '@prisma/adapter-pg'
import { DriverAdapterError, type SqlDriverAdapter } from '@prisma/driver-adapter-utils'
import pg from 'pg'
import { executeScript } from '../script/index.ts'
import type { Address } from './address.ts'
import { readCharAsText } from './char-type.ts'
import { connectionError, scriptError } from './errors.ts'

/** One connection, as the engine uses it and as this package does. */
export interface Connection {
  readonly adapter: SqlDriverAdapter
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>
}

/**
 * Connects exactly once. The shipped adapter works on a pool, where the engine's advisory lock and its writes
 * may part; this pool holds one connection for ever, and a lost one is an error instead of a silent new one.
 */
export async function connect(address: Address, onDispose?: () => Promise<void>): Promise<Connection> {
  const inner = await new PrismaPg(
    { ...address.config, max: 1, idleTimeoutMillis: 0, Client: singleUse() },
    { schema: address.schema },
  ).connect()
  const pool = inner.underlyingDriver()
  const dispose = async () => {
    await inner.dispose()
    await onDispose?.()
  }
  try {
    const client = await pool.connect()
    await prepareSession(client, address.schema)
    client.release()
  } catch (error) {
    await dispose()
    throw error instanceof DriverAdapterError ? error : connectionError(error, address)
  }
  const adapter: SqlDriverAdapter = {
    provider: inner.provider,
    adapterName: inner.adapterName,
    queryRaw: (query) => inner.queryRaw(query),
    executeRaw: (query) => inner.executeRaw(query),
    startTransaction: (level) => inner.startTransaction(level),
    getConnectionInfo: () => inner.getConnectionInfo(),
    async executeScript(script) {
      const client = await pool.connect()
      try {
        await executeScript(client, script)
      } catch (error) {
        throw scriptError(error)
      } finally {
        client.release()
      }
    },
    dispose,
  }
  return { adapter, query: async (text, values) => (await pool.query(text, values)).rows }
}

/** A client class of which only one instance may connect. */
function singleUse(): typeof pg.Client {
  let used = false
  return class extends pg.Client {
    constructor(config?: string | pg.ClientConfig) {
      super(config)
      if (used) throw new DriverAdapterError({ kind: 'ConnectionClosed' })
      used = true
      readCharAsText(this)
    }
  }
}

async function prepareSession(client: pg.PoolClient, schema: string): Promise<void> {
  await client.query(`SET search_path = ${pg.escapeIdentifier(schema)}`)
}
