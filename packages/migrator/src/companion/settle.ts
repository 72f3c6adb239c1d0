import { errorCode } from '@manybase/failure'
import type { CompanionStatement } from '../catalog/define.ts'
import { entryOf } from '../catalog/target.ts'
import { isLockError, retryWhileLocked } from '../execute/retry.ts'
import { fresh, setTimeouts } from '../execute/session-settings.ts'
import { defaultLockRetryTime, defaultLockTimeout, type RunSettings } from '../execute/settings.ts'
import type { DatabaseState } from '../plan/state.ts'
import { explainServerError } from '../server/explain.ts'
import type { Session } from '../server/session.ts'
import { type Attachment, placeOf } from './attachment.ts'
import { companionLocked, companionSchemaTaken } from './failures.ts'
import { readCompanionStates, toBase, toHead } from './histories.ts'
import { readInstalledStamp } from './look.ts'
import type { Work } from './open.ts'

/** What a companion did in one PostgreSQL database. */
export interface Settlement {
  /** Databases of the catalog that lie in it and were worked on. */
  readonly databases: readonly string[]
  readonly outcome: 'installed' | 'in step' | 'removed'
  /** What was the matter. */
  readonly mended: readonly string[]
  readonly milliseconds: number
}

/**
 * Makes the tables and functions that triggers need, before a script makes the tables that need triggers. True
 * where nothing was before.
 */
export async function prepare(work: Work, session: Session, names: readonly string[]): Promise<boolean> {
  const histories = historiesOf(work, names)
  if (histories.length === 0) return false
  const { companion } = work
  return await explained(session, async () => {
    const isNew = (await readInstalledStamp(work, session)) === null
    if (isNew) await createSchema(work, session)
    for (const state of await statesOf(work, session)) {
      if (histories.includes(state.database)) await toHead(session, companion.schema, state)
    }
    return isNew
  })
}

/**
 * Brings the database of a session in step: histories and triggers of what takes part and has tables; and removes what
 * nobody needs any more.
 * @param states where the databases stand now; those that aren't among them keep what they have
 */
export async function settle(
  work: Work,
  session: Session,
  states: readonly DatabaseState[],
  settings: RunSettings = {},
): Promise<Settlement> {
  const start = performance.now()
  const { companion, installer } = work
  const active = activeIn(work, session, states)
  const before = await readInstalledStamp(work, session)
  const settled = (outcome: Settlement['outcome'], mended: readonly string[] = []): Settlement => ({
    databases: session.targets.map(({ name }) => name),
    outcome,
    mended,
    milliseconds: performance.now() - start,
  })
  const wanted = historiesOf(work, active)
  if (wanted.length === 0 && before === null) return settled('in step')
  return await explained(session, async () => {
    await prepare(work, session, active)
    const statements = await installer.changes(session.client, active)
    await apply(session, statements, settings)
    const states = await statesOf(work, session)
    for (const state of states.filter(({ database }) => !wanted.includes(database))) {
      await toBase(session, companion.schema, state)
    }
    if (wanted.length === 0) {
      await removeSchema(work, session)
      return settled('removed')
    }
    const stamp = active.map((name) => companion.stamps(work.sites).get(name)).find((each) => each)
    await session.client.query(companion.writeStamp(stamp ?? ''))
    return settled(
      before === null ? 'installed' : 'in step',
      statements.map(({ description }) => description),
    )
  })
}

/** Databases in the place of a session that take part and have tables, as far as it is known. */
function activeIn(
  { sites }: Attachment,
  { targets }: Session,
  states: readonly DatabaseState[],
): readonly string[] {
  const places = new Set(targets.map(placeOf))
  const atBase = new Set(states.filter(({ applied }) => applied.length === 0).map(({ database }) => database))
  const own = new Set(targets.map(entryOf))
  const others = sites.filter(({ name, place }) => places.has(place) && !own.has(name) && !atBase.has(name))
  return [...targets.filter(({ name }) => !atBase.has(name)).map(entryOf), ...others.map(({ name }) => name)]
}

const historiesOf = ({ installer }: Work, names: readonly string[]): readonly string[] =>
  names.flatMap((name) => installer.histories(name).map((history) => history.name))

const statesOf = ({ companion, installer }: Work, session: Session) =>
  readCompanionStates(session, companion.schema, installer.known)

async function createSchema({ companion }: Work, { client, targets }: Session): Promise<void> {
  try {
    await client.query(companion.createSchema)
  } catch (error) {
    if (errorCode(error) !== '42P06') throw error
    throw companionSchemaTaken({ database: targets[0]?.name ?? '', schema: companion.schema }, error)
  }
}

/** Refused by PostgreSQL when something else has come to lie in the schema. */
async function removeSchema({ companion }: Work, { client }: Session): Promise<void> {
  const schema = client.escapeIdentifier(companion.schema)
  await client.query(
    `BEGIN; DROP TABLE IF EXISTS ${schema}."_prisma_migrations"; DROP SCHEMA IF EXISTS ${schema}; COMMIT`,
  )
}

/** Table by table, so that no two are locked at once, and none for long. */
async function apply(
  session: Session,
  statements: readonly CompanionStatement[],
  { lockTimeout = defaultLockTimeout, lockRetryTime = defaultLockRetryTime }: RunSettings,
): Promise<void> {
  const { client, targets } = session
  await client.query(fresh(targets[0]?.connection.schema ?? 'public'))
  for (const group of inGroups(statements)) {
    const sql = group.map((statement) => statement.sql).join('\n')
    const attempt = async () => {
      await client
        .query(`BEGIN; ${setTimeouts('LOCAL', { lockTimeout })} ${sql}; COMMIT`)
        .catch(async (error) => {
          await client.query('ROLLBACK')
          throw error
        })
    }
    await retryWhileLocked(attempt, isLockError, lockRetryTime).catch((error) => {
      const table = group[0]?.table
      if (!isLockError(error) || table === undefined) throw error
      throw companionLocked({ database: targets[0]?.name ?? '', table, seconds: lockRetryTime / 1000 }, error)
    })
  }
}

/** Neighbours that lock the same table. */
function inGroups(statements: readonly CompanionStatement[]): readonly (readonly CompanionStatement[])[] {
  const groups: CompanionStatement[][] = []
  for (const statement of statements) {
    const last = groups.at(-1)
    if (last && last[0]?.table === statement.table) last.push(statement)
    else groups.push([statement])
  }
  return groups
}

async function explained<T>({ targets }: Session, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const [target] = targets
    throw target ? explainServerError(error, target) : error
  }
}
