import {
  DriverAdapterError,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils'
import { type Address, parseAddress } from './address.ts'
import { connect } from './connection.ts'
import { connectToEmptied, connectToFresh } from './shadow.ts'

/** Where the engine works. Both are PostgreSQL URLs with Prisma's parameters. */
export interface Datasource {
  readonly url?: string | undefined
  /** A database that may be emptied at any time; without it a fresh one is made and dropped again. */
  readonly shadowDatabaseUrl?: string | undefined
}

export interface AdapterFactory extends SqlMigrationAwareDriverAdapterFactory {
  /** Closes every connection that is still open and drops what was made for the time of the work. */
  close(): Promise<void>
}

/** Connects the engine to PostgreSQL: one connection for the database, one for its shadow. */
export function createAdapterFactory(datasource: Datasource): AdapterFactory {
  const open = new Set<SqlDriverAdapter>()
  const keep = (adapter: SqlDriverAdapter): SqlDriverAdapter => {
    const kept: SqlDriverAdapter = {
      ...adapter,
      async dispose() {
        if (open.delete(kept)) await adapter.dispose()
      },
    }
    open.add(kept)
    return kept
  }
  return {
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    async connect() {
      return keep((await connect(addressOf(datasource.url))).adapter)
    },
    async connectToShadowDb() {
      const { url, shadowDatabaseUrl } = datasource
      const connection = shadowDatabaseUrl
        ? await connectToEmptied(addressOf(shadowDatabaseUrl), url)
        : await connectToFresh(addressOf(url))
      return keep(connection.adapter)
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
