import { PrismaPg } from '@prisma/adapter-pg'
import type { PoolConfig } from 'pg'
import { PrismaClient } from '../generated/client.ts'
import { models, references } from './catalog.ts'
import { connectionFrom } from './connection.ts'
import { database } from './database.ts'
import { logFrom } from './logging.ts'
import type { ClientOptions } from './options.ts'

export type * from '../generated/client.ts'
export { Prisma } from '../generated/client.ts'
export * from '../generated/enums.ts'
export { references } from './catalog.ts'

/** What the client tells those who check references between databases. */
export interface DatabaseDescription {
  readonly name: string
  /** The PostgreSQL schema of the tables. */
  readonly schema: string
  readonly references: typeof references
  readonly models: typeof models
  /** A function, since the settings hold a password, and clients get logged. */
  readonly pool: () => PoolConfig
}

export type AuthClient = PrismaClient & { readonly $database: DatabaseDescription }

/**
 * A typed client of socrates_auth. Connects at the first query; `$disconnect()` closes its pool.
 *
 * Prisma's validation errors quote the arguments of the refused call: mind where you print them.
 *
 * @throws DatabaseUrlError when neither `options.url` nor DATABASE_URL_AUTH names a PostgreSQL database
 */
export function createAuthClient(options: ClientOptions = {}): AuthClient {
  const { pool, schema } = connectionFrom(options, process.env)
  const log = logFrom(options.log)
  const reportLost = (error: Error) => log.message('warn', { timestamp: new Date(), message: error.message })
  const client = new PrismaClient({
    adapter: new PrismaPg(pool, { ...(schema !== undefined && { schema }), onPoolError: reportLost }),
    // Anything more talkative quotes the caller's source code, and with it whatever literals stand there.
    errorFormat: options.log?.parameters ? 'colorless' : 'minimal',
    log: log.levels.map((level) => ({ emit: 'event', level })),
  })
  client.$on('query', log.query)
  client.$on('info', (event) => log.message('info', event))
  client.$on('warn', (event) => log.message('warn', event))
  client.$on('error', (event) => log.message('error', event))
  const $database = { name: database.name, schema: schema ?? 'public', references, models, pool: () => pool }
  return Object.assign(client, { $database })
}
