import { inspectStates, isAtHead, type Located, locate } from '@manybase/migrator'
import { seedBehind } from './failures.ts'
import { databases, type Places } from './seed.ts'

/** Where the catalog has the two databases. @throws as `locate` */
export async function findPlaces(from: string, config: string | undefined, quiet: boolean): Promise<Located> {
  const only = databases.map(([{ name }]) => name)
  return await locate(from, { config, only, quiet })
}

/** @throws `seed.behind`, `server.*` */
export async function readyPlaces({ targets }: Located): Promise<Places> {
  for (const state of await inspectStates(targets)) {
    if (!isAtHead(state)) throw seedBehind({ database: state.database })
  }
  const placeOf = (database: string) => {
    const target = targets.find(({ name }) => name === database)
    if (!target) throw new TypeError(`the catalog was asked for ${database}`)
    return { url: target.connection.connectionString, schema: target.connection.schema }
  }
  return { auth: placeOf('socrates_auth'), specs: placeOf('socrates_specs') }
}
