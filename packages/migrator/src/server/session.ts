import { errorCode } from '@manybase/failure'
import { Client, type ClientConfig } from 'pg'
import type { Target } from '../catalog/target.ts'
import { withDatabase } from '../catalog/url.ts'
import { at, explainServerError } from './explain.ts'
import { createForbidden, databaseMissing } from './failures.ts'

/** One connection, for all the histories that the same URL reaches. */
export interface Session {
  readonly client: Client
  readonly targets: readonly Target[]
  close(): Promise<void>
}

export interface SessionOptions {
  /** Creates a database that doesn't exist. */
  readonly create: boolean
  readonly onCreate?: (target: Target, milliseconds: number) => void
}

const settings: ClientConfig = { application_name: 'manybase migrator', connectionTimeoutMillis: 10_000 }
const missingDatabase = '3D000'

/**
 * Opens one session per URL, all at once. When one fails, the others are closed.
 * @throws `server.*`, `database.*`
 */
export async function openSessions(targets: readonly Target[], options: SessionOptions): Promise<Session[]> {
  const groups = Map.groupBy(targets, ({ connection }) => connection.connectionString)
  return await openAll(groups.values(), async (group) => [await openSession(group, options)])
}

async function openAll(
  groups: Iterable<readonly Target[]>,
  open: (group: readonly Target[]) => Promise<readonly Session[]>,
): Promise<Session[]> {
  const opened = await Promise.allSettled([...groups].map(open))
  const sessions = opened.flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
  const failed = opened.find((result) => result.status === 'rejected')
  if (!failed) return sessions
  await Promise.all(sessions.map((session) => session.close()))
  throw failed.reason
}

/** The same for databases that exist; the others are only named. @throws `server.*` */
export async function openExisting(targets: readonly Target[]): Promise<{
  readonly sessions: readonly Session[]
  readonly missing: readonly Target[]
}> {
  const missing: Target[] = []
  const groups = Map.groupBy(targets, ({ connection }) => connection.connectionString)
  const opened = await openAll(groups.values(), async (group) => {
    try {
      return [await openSession(group, { create: false })]
    } catch (error) {
      if (errorCode(error) !== databaseMissing.code) throw error
      missing.push(...group)
      return []
    }
  })
  return { sessions: opened, missing }
}

const ended = new WeakSet<Client>()

/** Whether somebody has ended it: this process, the server or the network. */
export const isEnded = ({ client }: Session): boolean => ended.has(client)

async function openSession(targets: readonly Target[], options: SessionOptions): Promise<Session> {
  const [first] = targets
  if (!first) throw new Error('a session needs a target')
  const client = await connectOrCreate(first, options)
  client.once('end', () => ended.add(client))
  return { client, targets, close: () => client.end() }
}

async function connectOrCreate(target: Target, options: SessionOptions): Promise<Client> {
  const { connectionString } = target.connection
  try {
    return await connect(connectionString)
  } catch (error) {
    if (errorCode(error) !== missingDatabase || !options.create) throw explainServerError(error, target)
  }
  const start = performance.now()
  await createDatabase(target)
  options.onCreate?.(target, performance.now() - start)
  return connect(connectionString).catch((error) => {
    throw explainServerError(error, target)
  })
}

export async function connect(connectionString: string): Promise<Client> {
  const client = new Client({ ...settings, connectionString })
  // A connection that breaks rejects the query under way; without a listener it would end the process.
  client.on('error', () => {})
  await client.connect()
  return client
}

const alreadyThere = ['42P04', '23505']

/** Creates the database; another process that was faster is as good. */
async function createDatabase(target: Target): Promise<void> {
  const { connectionString, database, user } = target.connection
  const client = await connect(withDatabase(connectionString, 'postgres')).catch((error) => {
    if (errorCode(error) === '42501') throw createForbidden({ ...at(target), user }, error)
    throw explainServerError(error, target)
  })
  try {
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`)
  } catch (error) {
    if (errorCode(error) === '42501') throw createForbidden({ ...at(target), user }, error)
    if (!alreadyThere.includes(errorCode(error) ?? '')) throw explainServerError(error, target)
  } finally {
    await client.end()
  }
}
