import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { openEngine, type SchemaFile } from '@manybase/schema-engine'
import type { Catalog } from '../catalog/catalog.ts'
import type { Target } from '../catalog/resolve.ts'
import { readSchema } from '../catalog/schema-files.ts'
import type { LockOptions } from '../execute/lock.ts'
import { readHistory } from '../history/read.ts'
import { explainServerError } from '../server/explain.ts'
import { connect } from '../server/session.ts'
import { runInShadow } from '../shadow/replay.ts'
import { withShadow } from '../shadow/shadow.ts'
import { type CatalogSnapshot, catalogSnapshot } from '../snapshot/catalog-snapshot.ts'
import type { DatabaseObject } from '../snapshot/object.ts'
import { databaseObjects } from '../snapshot/objects.ts'
import { inspectStates } from '../workspace.ts'
import { ownDifferences, renderDifference } from './compare.ts'
import { baselineIncomplete, baselineNotFirst } from './failures.ts'
import { renderHeader } from './header.ts'
import { nextId, slugOf } from './name.ts'
import { type Part, readParts, statementsFor } from './parts.ts'
import { allowPartialIndexes } from './preview.ts'
import { remainder } from './remainder.ts'
import { stamp } from './stamp.ts'
import { joinStatements } from './statements.ts'
import { tablesCreated } from './warnings.ts'
import { readWhole, wayBack } from './way-back.ts'
import { writeRevisions } from './write.ts'

/** What a baseline has written. */
export interface Baseline {
  readonly database: string
  readonly name: string
  readonly path: string
  readonly schemaFile: string
  /** What the schema engine remarks on the schema that it has read. */
  readonly warnings: string | undefined
}

/** The database as it is. */
interface Live {
  readonly snapshot: CatalogSnapshot
  readonly parts: readonly Part[]
  readonly objects: readonly DatabaseObject[]
}

/**
 * Makes schema and first migration of a database that came about without any, proves in a shadow database
 * that the migration makes all of it and that its `down.sql` takes all of it away, and stamps it.
 * @throws `baseline.*`, `shadow.*`, `engine.*`, `database.missing`
 */
export async function makeBaseline(
  catalog: Catalog,
  target: Target,
  message: string,
  options: LockOptions,
): Promise<Baseline> {
  mkdirSync(target.migrations, { recursive: true })
  await assertFirst(target)
  const live = await readLive(target)
  const before = existsSync(target.schemaFile) ? readSchema(target) : [bare]
  await using engine = await openEngine({ url: target.connection.url, schema: before })
  const { files: found, warnings } = await engine.introspect(before)
  const files = allowPartialIndexes(found)
  const prisma = await engine.diffSql({ kind: 'empty' }, { kind: 'schema', files })
  const script = await completeScript(target, live, prisma)
  const back = await prove(target, live, script, files)
  const histories = catalog.databases.filter(({ migrations }) => existsSync(migrations)).map(readHistory)
  const id = nextId(catalog.revisions, histories, target.name, { now: new Date() })
  const name = `${id}_${slugOf(message)}`
  const header = renderHeader({ title: message, creates: await tablesCreated(prisma), database: target.name })
  const { name: database, migrations, schemaFile } = target
  const [path = ''] = writeRevisions([
    { database, migrations, name, up: `${header}\n${script}`, down: `-- Undoes ${name}.\n\n${back}` },
  ])
  try {
    const restore = writeSchema(schemaFile, files, before)
    await stamp([target], () => new Set([name]), { ...options, purge: false }).catch((error) => {
      restore()
      throw error
    })
  } catch (error) {
    rmSync(path, { recursive: true })
    throw error
  }
  writeLockFile(migrations)
  return { database, name, path, schemaFile, warnings }
}

const bare: SchemaFile = ['schema.prisma', 'datasource db {\n  provider = "postgresql"\n}\n']

async function assertFirst(target: Target): Promise<void> {
  const [state] = await inspectStates([target])
  const refuse = (problem: string) => baselineNotFirst({ database: target.name, problem })
  if (state && state.history.revisions.length > 0) throw refuse('its history has revisions')
  if (state && state.ledger.applied.length + state.ledger.unfinished.length > 0) {
    throw refuse('its ledger has rows')
  }
}

async function readLive(target: Target): Promise<Live> {
  const { schema } = target.connection
  const client = await connect(target.connection.connectionString).catch((error) => {
    throw explainServerError(error, target)
  })
  try {
    return {
      snapshot: await catalogSnapshot(client),
      parts: await readParts(client, schema),
      objects: await databaseObjects(client, [schema], schema),
    }
  } finally {
    await client.end()
  }
}

/** Prisma's script between what it needs and what it leaves out. */
async function completeScript(target: Target, live: Live, prisma: string): Promise<string> {
  const before = live.parts.filter(({ phase }) => phase === 'before')
  const beginning = `${withoutChecks}\n${joinStatements(before.map(({ sql }) => sql))}\n${prisma}\n`
  return await withShadow(target, async (shadow) => {
    await runInShadow(shadow, 'The beginning of the baseline', `${beginning}${withChecks}`)
    const made = await catalogSnapshot(shadow.session.client)
    const differing = new Set(
      ownDifferences(made, live.snapshot).map(({ object }) => object.replace(/^existence of /, '')),
    )
    // Comments come last, since they may be about what is still missing.
    const after = live.parts.filter(
      ({ phase, object }) => phase === 'after' && differing.has(object) && !object.startsWith('comment on '),
    )
    const statements = joinStatements(after.flatMap((part) => statementsFor(part, made)))
    await runInShadow(shadow, 'The baseline', `${withoutChecks}${statements}\n${withChecks}`)
    return `${beginning}${statements}\n${await remainder(shadow, live.objects)}${withChecks}`
  })
}

/** A function may speak of tables that are made after it. */
const withoutChecks = 'SET check_function_bodies = off;\n'
const withChecks = 'RESET check_function_bodies;\n'

/**
 * The migration makes the whole database, and what it makes is what the schema says. Returns the way back.
 * @throws `baseline.incomplete`
 */
async function prove(
  target: Target,
  live: Live,
  script: string,
  schema: readonly SchemaFile[],
): Promise<string> {
  return await withShadow(target, async (shadow) => {
    const empty = await readWhole(shadow)
    await runInShadow(shadow, 'The baseline', script)
    const differences = ownDifferences(await catalogSnapshot(shadow.session.client), live.snapshot).map(
      renderDifference,
    )
    await using engine = await openEngine({ url: shadow.target.connection.url, schema })
    const sql = await engine.diffSql({ kind: 'database' }, { kind: 'schema', files: schema })
    const remaining = sql === '' ? differences : [...differences, `between the schema and itself:\n${sql}`]
    if (remaining.length > 0) throw baselineIncomplete({ database: target.name, remaining })
    return await wayBack(shadow, empty)
  })
}

/** Writes the schema's files, each at once, and returns how to put the former ones back. */
function writeSchema(path: string, files: readonly SchemaFile[], before: readonly SchemaFile[]): () => void {
  const isNew = !existsSync(path)
  const isFolder = !isNew && before.length > 0 && existsSync(join(path, before[0]?.[0] ?? ''))
  const write = (list: readonly SchemaFile[]) => {
    for (const [name, content] of list) {
      const file = isFolder ? join(path, name) : path
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(`${file}.new`, content)
      renameSync(`${file}.new`, file)
    }
  }
  write(files)
  return () => (isNew ? rmSync(path) : write(before))
}

function writeLockFile(migrations: string): void {
  const file = join(migrations, 'migration_lock.toml')
  if (!existsSync(file)) writeFileSync(file, 'provider = "postgresql"\n')
}
