import {
  type Error as AdapterError,
  DriverAdapterError,
  isDriverAdapterError,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils'
import { type Address, parseAddress } from './address.ts'
import { type Connection, connect } from './connection.ts'
import { connectToEmptied, connectToFresh } from './shadow.ts'

/** Where the engine works. Both are PostgreSQL URLs with Prisma's parameters. */
export interface Datasource {
  readonly url?: string | undefined
  /** A database that may be emptied at any time; without it a fresh one is made and dropped again. */
  readonly shadowDatabaseUrl?: string | undefined
}

/** Something that failed at the database. */
export type Problem =
  | { readonly kind: 'connection'; readonly address: Address; readonly error: AdapterError }
  | { readonly kind: 'script'; readonly script: string; readonly error: AdapterError }

export interface AdapterFactory extends SqlMigrationAwareDriverAdapterFactory {
  /** What went wrong at the database since the last call; the engine's own words for it often say less. */
  takeProblem(): Problem | undefined
  /** Closes every connection that is still open and drops what was made for the time of the work. */
  close(): Promise<void>
}

/** Connects the engine to PostgreSQL: one connection for the database, one for its shadow. */
export function createAdapterFactory(datasource: Datasource): AdapterFactory {
  const open = new Set<SqlDriverAdapter>()
  let problem: Problem | undefined
  const keep = (adapter: SqlDriverAdapter): SqlDriverAdapter => {
    const kept: SqlDriverAdapter = {
      ...adapter,
      async executeScript(script) {
        try {
          await adapter.executeScript(script)
        } catch (error) {
          if (isDriverAdapterError(error)) problem = { kind: 'script', script, error: error.cause }
          throw error
        }
      },
      async dispose() {
        if (open.delete(kept)) await adapter.dispose()
      },
    }
    open.add(kept)
    return kept
  }
  const connected = async (address: Address, how: (address: Address) => Promise<Connection>) => {
    try {
      return keep((await how(address)).adapter)
    } catch (error) {
      if (isDriverAdapterError(error)) problem = { kind: 'connection', address, error: error.cause }
      throw error
    }
  }
  return {
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: async () => await connected(addressOf(datasource.url), connect),
    async connectToShadowDb() {
      const { url, shadowDatabaseUrl } = datasource
      return shadowDatabaseUrl === undefined
        ? await connected(addressOf(url), connectToFresh)
        : await connected(addressOf(shadowDatabaseUrl), (address) => connectToEmptied(address, url))
    },
    takeProblem() {
      const taken = problem
      problem = undefined
      return taken
    },
    async close() {
      await Promise.allSettled([...open].map((adapter) => adapter.dispose()))
    },
  }
}

function addressOf(url: string | undefined): Address {
  const address = url === undefined ? undefined : parseAddress(url)
  if (address) return address
  throw new DriverAdapterError({
    kind: 'InvalidInputValue',
    message: url === undefined ? 'The datasource has no URL.' : 'The datasource URL is no PostgreSQL URL.',
  })
}
