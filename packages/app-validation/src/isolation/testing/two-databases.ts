import { setTimeout as sleep } from 'node:timers/promises'
import type { Address } from '../../databases/database.ts'
import { settingsFrom } from '../../guard/options.ts'
import { referencedDatabases } from '../../guard/referenced-databases.ts'
import type { PlacedReference } from '../../references/placed.ts'
import type { Holder } from '../../sweep/barrier.ts'
import { type Link, makeLinks } from '../../sweep/link.ts'
import { sweepOnce } from '../../sweep/round.ts'
import { openSession } from '../../sweep/session.ts'
import { makePlayground, type Playground, scriptsOf } from '../../testing/database.ts'
import {
  captureScript,
  fenceScript,
  partitionedTable,
  plainTable,
  projectsToUsers,
} from '../../testing/sides.ts'
import type { Action } from '../scenario.ts'
import { Application } from './application.ts'
import { databaseOf, prepared, sessionName, waitingFor } from './connections.ts'
import { populate, readContents } from './statement.ts'
import { tablesOf } from './tables.ts'
import type { World } from './world.ts'

/** Milliseconds between two looks of a barrier. */
const interval = 2
/** Milliseconds: nobody is to give up only since the machine is busy. */
const lockTimeout = 30_000

/** Users in one database and rows in another, with everything in between: guard, capture, fence, arbiter and sweep. */
export async function openTwoDatabases(action: Action, isPartitioned: boolean): Promise<World> {
  const reference: PlacedReference = { ...projectsToUsers, table: 'rows', type: 'integer', onDelete: action }
  const [link] = makeLinks([reference])
  if (!link) throw new Error('one reference makes one link')
  const [a, b] = await Promise.all([makePlayground(), makePlayground()])
  await install(a, b, reference, isPartitioned)
  const sweeper = await openSweeper(a, b, link)
  const settings = settingsFrom({ lockTimeout, pool: { size: 1 } })
  const applications = new Map<string, Application>()
  const guards = new Map<string, ReturnType<typeof referencedDatabases>>()

  const open = async (session: string, place: number): Promise<Application> => {
    const known = applications.get(session)
    if (known) return known
    const pool = () => ({ connectionString: a.url, application_name: sessionName(session) })
    const guard = referencedDatabases({ auth: { name: 'auth', pool } }, settings)
    guards.set(session, guard)
    const connect = async (side: Playground) => await prepared(await side.connect(), session, place)
    const application = new Application({
      session,
      place,
      reference,
      link,
      a: await connect(a),
      b: await connect(b),
      arbiter: await connect(a),
      party: await connect(b),
      poolsOf: guard.poolsOf,
      settings,
      interval,
      sweep: sweeper.sweep,
    })
    applications.set(session, application)
    return application
  }

  return {
    async prepare(run) {
      const { users, rows } = populate(run, 'rows')
      await a.client.query(users.text, [...users.values])
      await b.client.query(rows.text, [...rows.values])
      const sessions = Object.keys(run.scenario.sessions)
      const opened = await Promise.all(
        sessions.map(async (name, place) => [name, await open(name, place)] as const),
      )
      for (const [, application] of opened) application.start(run)
      return new Map(opened)
    },
    // Asked in the referenced database, so that the barrier in the other one doesn't wait for the question.
    async waiting() {
      const forLocks = await waitingFor(a.client, [databaseOf(a.url), databaseOf(b.url)])
      return new Set([...forLocks, ...(await atBarrier([...applications.values()]))])
    },
    contents: (run) => readContents(a.client, b.client, run, 'rows'),
    async settle() {
      await sweeper.sweep(() => {})
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([sweeper.close(), ...[...guards.values()].map((guard) => guard.end())])
      await Promise.all([a[Symbol.asyncDispose](), b[Symbol.asyncDispose]()])
    },
  }
}

/** Those whose barrier goes on looking in vain: the second look from now on was begun after everything before. */
async function atBarrier(applications: readonly Application[]): Promise<readonly string[]> {
  const looking = applications.map((application) => ({ application, before: application.looks }))
  if (looking.every(({ before }) => before === 0)) return []
  await sleep(4 * interval)
  return looking
    .filter(({ application, before }) => before > 0 && application.looks >= before + 2)
    .map(({ application }) => application.session)
}

async function install(a: Playground, b: Playground, reference: PlacedReference, isPartitioned: boolean) {
  const relation = isPartitioned ? partitionedTable : plainTable
  const tables = tablesOf('rows', isPartitioned)
  for (const [side, { client }] of [
    ['referenced', a],
    ['referencing', b],
  ] as const) {
    await client.query('CREATE SCHEMA integrity')
    for (const script of await scriptsOf(side)) await client.query(script)
  }
  await a.client.query(`${tables.users}; ${captureScript([reference], [relation('users')])}`)
  await b.client.query(`${tables.rows}; ${fenceScript(reference, [relation('rows')])}`)
}

const address = (name: string, { url }: Playground): Address => ({
  name,
  pool: () => ({ connectionString: url }),
})

async function openSweeper(a: Playground, b: Playground, link: Link) {
  const [referenced, referencing] = await Promise.all([
    openSession({ database: address('auth', a), side: 'referenced', name: 'sweep' }),
    openSession({ database: address('specs', b), side: 'referencing', name: 'sweep' }),
  ])
  return {
    sweep: (onWait: (holders: readonly Holder[]) => void) =>
      sweepOnce({ a: referenced, b: referencing }, link, { onWait, interval }),
    close: () => Promise.all([referenced.end(), referencing.end()]),
  }
}
