import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from '@manybase/migrator'
import { plainEnvironment } from '../environment.ts'
import { urlNotVariable } from '../failures.ts'
import type { Command } from '../measure.ts'
import type { Contestant, Subject } from './contestant.ts'
import type { Server } from './server.ts'

/** A contestant that is ready to run, with databases of its own. */
export interface Participant {
  readonly contestant: Contestant
  readonly version: string
  readonly up: Command
  readonly down: Command | undefined
  readonly databases: readonly string[]
}

/** A contestant that doesn't take part, and why. The report names it all the same. */
export interface Absentee {
  readonly contestant: Contestant
  readonly kind: 'missing' | 'failed'
  readonly why: string
}

export interface Field {
  readonly participants: readonly Participant[]
  readonly absentees: readonly Absentee[]
}

export interface Place {
  readonly root: string
  readonly folder: string
  readonly server: Server
  readonly databases: readonly Database[]
}

/** Prepares every contestant. Each gets a folder and databases that no other one touches. */
export async function prepareField(contestants: readonly Contestant[], place: Place): Promise<Field> {
  const prepared = []
  for (const contestant of contestants) prepared.push(await prepare(contestant, place))
  return {
    participants: prepared.filter((entry) => 'up' in entry),
    absentees: prepared.filter((entry) => 'why' in entry),
  }
}

async function prepare(contestant: Contestant, place: Place): Promise<Participant | Absentee> {
  const { root, server, databases } = place
  const subjects = databases.map((database) =>
    makeSubject(database, server.url(databaseName(contestant, database))),
  )
  const folder = join(place.folder, contestant.key)
  mkdirSync(folder)
  const urls = subjects.map(({ variable, url }) => [variable, url] as const)
  const env = { ...plainEnvironment(), ...Object.fromEntries(urls) }
  const preparation = await contestant.prepare({ root, folder, subjects, env })
  if (preparation.kind === 'missing') return { contestant, ...preparation }
  const { version, up, down } = preparation
  return {
    contestant,
    version,
    up,
    down,
    databases: databases.map((database) => databaseName(contestant, database)),
  }
}

const databaseName = (contestant: Contestant, { label }: Database): string =>
  `bench_${contestant.key}_${label}`

function makeSubject({ name, source, directory, migrations }: Database, url: string): Subject {
  if (source.kind !== 'variable') throw urlNotVariable({ database: name })
  return { name, variable: source.name, url, directory, migrations }
}
