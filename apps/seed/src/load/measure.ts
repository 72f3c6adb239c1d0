import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { errorMessage } from '@manybase/failure'
import { Client, escapeIdentifier } from 'pg'
import type { Table } from '../copy/table.ts'
import type { SeededDatabase } from '../databases/database.ts'
import type { Settings } from '../world/world.ts'
import { openContent } from './content.ts'
import { copyInto } from './copy-into.ts'
import { seedUnmeasurable } from './failures.ts'
import type { Loaded, Step } from './load.ts'
import { connectTo, databases, type Place, type Places, seed } from './seed.ts'

/** What loading costs next to a bare COPY of the same rows into the same tables. */
export interface Measured {
  readonly loaded: readonly Loaded[]
  /** Seconds of both databases together, from the first row to the last. */
  readonly seedSeconds: number
  readonly bareSeconds: number
  /** 1 is as fast as the bare COPY; 0.8 is what we promise. */
  readonly ratio: number
}

/**
 * Seeds, and copies the same rows from files into copies of the databases that were taken while they were empty:
 * the same tables, indexes and triggers. The copies and files are removed.
 * @throws as `seed`, and `seed.unmeasurable`
 */
export async function measure(
  places: Places,
  settings: Settings,
  onStep: (step: Step) => void = () => {},
): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'socrates-seed-'))
  const bare = { auth: copyOf(places.auth), specs: copyOf(places.specs) }
  try {
    for (const [{ name }, key] of databases) {
      await createCopy(places[key], bare[key]).catch((error) => {
        throw seedUnmeasurable({ database: name, problem: errorMessage(error) }, error)
      })
    }
    const loaded = await seed(places, settings, onStep)
    for (const [database] of databases) await writeFiles(folder, database, settings)
    const start = performance.now()
    await Promise.all(databases.map(([database, key]) => copyFiles(folder, database, bare[key])))
    const bareSeconds = (performance.now() - start) / 1000
    const seedSeconds = Math.max(...loaded.map(({ seconds }) => seconds))
    return { loaded, seedSeconds, bareSeconds, ratio: bareSeconds / seedSeconds }
  } finally {
    for (const [, key] of databases) await dropCopy(bare[key])
    await rm(folder, { recursive: true, force: true })
  }
}

const nameIn = (url: string): string => decodeURIComponent(new URL(url).pathname.slice(1))

function withName(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${encodeURIComponent(name)}`
  return changed.href
}

const copyOf = (place: Place): Place => ({
  ...place,
  url: withName(place.url, `${nameIn(place.url)}_bare_${process.pid}`),
})

const createCopy = (original: Place, copy: Place) =>
  maintain(
    copy,
    `CREATE DATABASE ${escapeIdentifier(nameIn(copy.url))} TEMPLATE ${escapeIdentifier(nameIn(original.url))}`,
  )

const dropCopy = (copy: Place) =>
  maintain(copy, `DROP DATABASE IF EXISTS ${escapeIdentifier(nameIn(copy.url))} WITH (FORCE)`)

async function maintain({ url }: Place, sql: string): Promise<void> {
  const client = new Client({ connectionString: withName(url, 'postgres') })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

const fileOf = (folder: string, table: string): string => join(folder, `${table}.copy`)

async function writeFiles(folder: string, database: SeededDatabase, settings: Settings): Promise<void> {
  const files = new Map(database.tables.map(({ name }) => [name, createWriteStream(fileOf(folder, name))]))
  const content = openContent(database, settings)
  try {
    for (let block = await content.next(); block; block = await content.next()) {
      for (const { table, bytes } of block) {
        const file = files.get(table)
        if (file && !file.write(bytes)) await once(file, 'drain')
      }
    }
  } finally {
    await content.close()
    await Promise.all([...files.values()].map((file) => finished(file.end())))
  }
}

async function copyFiles(folder: string, { tables }: SeededDatabase, place: Place): Promise<void> {
  const client = await connectTo(place)
  try {
    await client.query('BEGIN')
    for (const table of tables) await copyFile(client, folder, table)
    await client.query('COMMIT')
  } finally {
    await client.end()
  }
}

const copyFile = (client: Client, folder: string, table: Table) =>
  copyInto(client, table, createReadStream(fileOf(folder, table.name), { highWaterMark: 2 ** 20 }))
