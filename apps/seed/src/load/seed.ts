import { errorMessage, isFailure } from '@manybase/failure'
import { Client, escapeIdentifier } from 'pg'
import { auth } from '../databases/auth.ts'
import type { SeededDatabase } from '../databases/database.ts'
import { specs } from '../databases/specs.ts'
import type { Settings } from '../world/world.ts'
import { openContent } from './content.ts'
import { seedFailed, seedNotEmpty } from './failures.ts'
import { type Loaded, load, type Step } from './load.ts'

/** Where one database is. */
export interface Place {
  readonly url: string
  /** The PostgreSQL schema of its tables; default: public. */
  readonly schema?: string
}

/** Where both are. */
export interface Places {
  readonly auth: Place
  readonly specs: Place
}

/** What users are and what they make, referenced before referring. */
export const databases: readonly (readonly [SeededDatabase, keyof Places])[] = [
  [auth, 'auth'],
  [specs, 'specs'],
]

/**
 * Fills both databases, at once and each in one transaction. The users are committed first: whenever it
 * ends, no row names a user who isn't there.
 * @throws `seed.not-empty`, `seed.failed`; nothing is kept then
 */
export async function seed(
  places: Places,
  settings: Settings,
  onStep: (step: Step) => void = () => {},
): Promise<readonly Loaded[]> {
  const sides: Side[] = []
  try {
    for (const [database, key] of databases) sides.push(await openSide(database, places[key]))
    const loaded = await loadAll(sides, settings, onStep)
    await commit(sides)
    for (const { client, database } of sides) await client.query(`ANALYZE ${tableNames(database)}`)
    return loaded
  } finally {
    await Promise.all(sides.map(({ client }) => client.end()))
  }
}

interface Side {
  readonly client: Client
  readonly database: SeededDatabase
}

/** Begins the transaction. Another seed that runs at the same time waits here, and then finds rows. */
async function openSide(database: SeededDatabase, place: Place): Promise<Side> {
  const client = await connectTo(place)
  try {
    const [first] = database.tables
    await client.query('BEGIN')
    await client.query(`LOCK TABLE ${escapeIdentifier(first?.name ?? '')} IN SHARE ROW EXCLUSIVE MODE`)
    await assertEmpty(client, database)
    return { client, database }
  } catch (error) {
    await client.end()
    throw error
  }
}

/** A connection whose unqualified names are those of the place's schema. */
export async function connectTo({ url, schema = 'public' }: Place): Promise<Client> {
  const client = new Client({ connectionString: url, application_name: 'socrates seed' })
  // A connection that breaks rejects the query under way; without a listener it would end the process.
  client.on('error', () => {})
  await client.connect()
  await client.query("SELECT set_config('search_path', $1, false)", [escapeIdentifier(schema)])
  return client
}

async function assertEmpty(client: Client, { name, tables }: SeededDatabase): Promise<void> {
  for (const table of tables) {
    const { rows } = await client.query(`SELECT 1 FROM ${escapeIdentifier(table.name)} LIMIT 1`)
    if (rows.length > 0) throw seedNotEmpty({ database: name, table: table.name })
  }
}

async function loadAll(
  sides: readonly Side[],
  settings: Settings,
  onStep: (step: Step) => void,
): Promise<readonly Loaded[]> {
  const stop = new AbortController()
  const loads = await Promise.allSettled(
    sides.map(async ({ client, database }) => {
      const content = openContent(database, settings)
      try {
        return await load(client, database, content, stop.signal, onStep)
      } catch (error) {
        stop.abort(error)
        throw stop.signal.reason === error && isServerError(error)
          ? seedFailed({ database: database.name, problem: errorMessage(error), kept: nothingKept }, error)
          : error
      } finally {
        await content.close()
      }
    }),
  )
  const failed = loads.filter((result) => result.status === 'rejected').map(({ reason }) => reason)
  if (failed.length > 0) throw failed.find(isFailure) ?? failed[0]
  return loads.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
}

const nothingKept = 'Both databases are loaded in a transaction each, so nothing of it was kept.'

/** What the server or the connection to it says; a constraint that our rows break is a bug of ours. */
const isServerError = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  !('constraint' in error && error.constraint !== undefined) &&
  ('severity' in error || 'syscall' in error || /Connection terminated/.test(errorMessage(error)))

async function commit(sides: readonly Side[]): Promise<void> {
  for (const [index, { client, database }] of sides.entries()) {
    const before = sides.slice(0, index).map((side) => side.database.name)
    await client.query('COMMIT').catch((error) => {
      const kept = before.length === 0 ? nothingKept : `${before.join(', ')} was committed before: --reset.`
      throw seedFailed({ database: database.name, problem: errorMessage(error), kept }, error)
    })
  }
}

const tableNames = ({ tables }: SeededDatabase): string =>
  tables.map(({ name }) => escapeIdentifier(name)).join(', ')
