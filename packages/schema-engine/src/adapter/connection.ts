import { PrismaPg } from '@prisma/adapter-pg'
import {
  DriverAdapterError,
  type SqlDriverAdapter,
  type SqlQuery,
  type Transaction,
} from '@prisma/driver-adapter-utils'
import pg from 'pg'
import { executeScript } from '../script/index.ts'
import { type Address, withoutTls } from './address.ts'
import { queryWithChar, showCharAsCharacter } from './char-type.ts'
import { connectionError, scriptError } from './errors.ts'

/** One connection, as the engine uses it and as this package does. */
export interface Connection {
  readonly adapter: SqlDriverAdapter
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>
}

/** Connects, exactly once. Rejects with a `DriverAdapterError` that says what is wrong with the address. */
export async function connect(address: Address, onDispose?: () => Promise<void>): Promise<Connection> {
  const inner = await new PrismaPg(address.config, { schema: address.schema }).connect()
  const pool = inner.underlyingDriver()
  try {
    const client = await pool.connect()
    const release = lend(client, pool)
    await prepareSession(client, address.schema)
    const dispose = async () => {
      release()
      await inner.dispose()
      await onDispose?.()
    }
    return {
      adapter: adapterOver(client, inner, dispose),
      query: async (text, values) => (await client.query(text, values)).rows,
    }
  } catch (error) {
    await inner.dispose()
    const problem = connectionError(error, address)
    if (!address.prefersTls || problem.cause.kind !== 'TlsConnectionError') throw problem
    return await connect(withoutTls(address), onDispose)
  }
}

/**
 * Makes a pool lend one client to everybody. The shipped adapter works on a pool, which gives the engine's
 * advisory lock and its writes to different connections, and throws a connection away after any failed query.
 */
function lend(client: pg.PoolClient, pool: pg.Pool): () => void {
  const release = client.release.bind(client)
  client.release = () => undefined
  showCharAsCharacter(client)
  pool.query = new Proxy(pool.query, {
    apply: (_target, _self, args) => Reflect.apply(client.query, client, args),
  })
  pool.connect = new Proxy(pool.connect, { apply: async () => client })
  return () => release(true)
}

/** Makes the session what Prisma's native engine makes of it, and lets the server notice when we are gone. */
async function prepareSession(client: pg.PoolClient, schema: string): Promise<void> {
  await client.query(`SET search_path = ${pg.escapeIdentifier(schema)}`)
  // Servers on some platforms can't look after their connection during a statement, and say so.
  await client.query(`SET client_connection_check_interval = '1s'`).catch(() => undefined)
}

function adapterOver(
  client: pg.PoolClient,
  inner: Awaited<ReturnType<PrismaPg['connect']>>,
  dispose: () => Promise<void>,
): SqlDriverAdapter {
  let lost = false
  client.on('error', () => {
    lost = true
  })
  const unlessLost = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw lost ? new DriverAdapterError({ kind: 'ConnectionClosed' }) : error
    }
  }
  return {
    provider: inner.provider,
    adapterName: inner.adapterName,
    queryRaw: (query) => unlessLost(() => queryWithChar(inner, query)),
    executeRaw: (query) => unlessLost(() => inner.executeRaw(query)),
    startTransaction: (level) => unlessLost(async () => withChar(await inner.startTransaction(level))),
    getConnectionInfo: () => inner.getConnectionInfo(),
    executeScript: (script) =>
      unlessLost(async () => {
        try {
          await executeScript(client, script)
        } catch (error) {
          throw scriptError(error, script)
        }
      }),
    dispose,
  }
}

/** The driver's transaction is a class whose methods need it as `this`; only its reading changes. */
function withChar(transaction: Transaction): Transaction {
  return new Proxy(transaction, {
    get(target, name) {
      if (name === 'queryRaw') return (query: SqlQuery) => queryWithChar(target, query)
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
