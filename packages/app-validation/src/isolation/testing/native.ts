import type pg from 'pg'
import { makePlayground } from '../../testing/database.ts'
import type { Action, Level } from '../scenario.ts'
import { databaseOf, prepared, waitingFor } from './connections.ts'
import { populate, readContents, statementOf } from './statement.ts'
import { tablesOf } from './tables.ts'
import type { Actor, RunRequest, World } from './world.ts'

const clauses: Readonly<Record<Action, string>> = {
  Cascade: 'ON DELETE CASCADE',
  SetNull: 'ON DELETE SET NULL',
  Restrict: 'ON DELETE RESTRICT',
}

/** Everything in one database, whose key PostgreSQL keeps. */
export async function openNative(action: Action, isPartitioned: boolean): Promise<World> {
  const database = await makePlayground()
  const { users, rows } = tablesOf('rows', isPartitioned)
  await database.client.query(
    `${users}; ${rows}; ALTER TABLE rows ADD FOREIGN KEY (user_id) REFERENCES users ${clauses[action]}`,
  )
  const connections = new Map<string, pg.Client>()
  const connectionOf = async (session: string, place: number): Promise<pg.Client> => {
    const known = connections.get(session)
    if (known) return known
    const connection = await prepared(await database.connect(), session, place)
    connections.set(session, connection)
    return connection
  }
  return {
    async prepare(run) {
      const { users: someUsers, rows: someRows } = populate(run, 'rows')
      for (const { text, values } of [someUsers, someRows]) await database.client.query(text, [...values])
      const sessions = Object.keys(run.scenario.sessions)
      const actors = sessions.map(
        async (name, place) => [name, makeActor(await connectionOf(name, place), run, name)] as const,
      )
      return new Map(await Promise.all(actors))
    },
    waiting: () => waitingFor(database.client, [databaseOf(database.url)]),
    contents: (run) => readContents(database.client, database.client, run, 'rows'),
    settle: async () => {},
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}

function makeActor(connection: pg.Client, run: RunRequest, session: string): Actor {
  let isOpen = false
  const end = async (command: 'COMMIT' | 'ROLLBACK') => {
    isOpen = false
    await connection.query(command)
    return 0
  }
  return {
    async perform(step) {
      if (step.verb === 'sweep') return 0
      if (step.verb === 'commit') return await end('COMMIT')
      if (step.verb === 'roll back') return await end('ROLLBACK')
      if (!isOpen) await connection.query(begin(run.level))
      isOpen = true
      const { text, values } = statementOf(step, run, session, 'rows') ?? { text: 'SELECT 1', values: [] }
      return (await connection.query(text, [...values])).rowCount ?? 0
    },
    async abandon() {
      if (isOpen) await end('ROLLBACK')
    },
  }
}

export const begin = (level: Level): string => `BEGIN ISOLATION LEVEL ${level}`
