import { errorCode } from '@manybase/failure'
import { type Engine, openEngine, type SchemaFile, type Side } from '@manybase/schema-engine'
import type { Target } from '../catalog/resolve.ts'
import { readSchema } from '../catalog/schema-files.ts'
import type { History } from '../history/revision.ts'
import { replayFailed } from '../shadow/failures.ts'
import { runInShadow } from '../shadow/replay.ts'
import { type Shadow, withShadow } from '../shadow/shadow.ts'
import { type CatalogSnapshot, catalogDifferences, catalogSnapshot } from '../snapshot/catalog-snapshot.ts'
import { draftUnproved } from './failures.ts'
import { type Part, readParts, statementsFor } from './parts.ts'
import { findLookAlikes, formatRename, type Rename, renameSql, reversed } from './renames.ts'
import { cutScript, joinStatements } from './statements.ts'
import { annotate, tablesCreated, traceWarning } from './warnings.ts'

/** The difference between a history and its schema, as scripts without a header. */
export interface Draft {
  readonly up: string
  readonly down: string
  /** Tables that the migration creates. */
  readonly creates: readonly string[]
  readonly renames: readonly Rename[]
  /** What looks like a rename and was not answered. */
  readonly lookAlikes: readonly Rename[]
}

export interface DraftOptions {
  readonly renames: readonly Rename[]
  /** Whether a drop and an add are a rename; undefined when nobody is there to say. */
  readonly ask: (target: Target, rename: Rename) => Promise<boolean | undefined>
}

/**
 * Finds out in a shadow database what turns the history into the schema and back, and proves both there.
 * Undefined when there is no difference.
 * @throws `create.unproved`, `shadow.*`, `engine.*`
 */
export async function draftMigration(
  target: Target,
  history: History,
  options: DraftOptions,
): Promise<Draft | undefined> {
  const schema = readSchema(target)
  return await withShadow(target, async (shadow) => {
    for (const { name, script } of history.revisions) await runInShadow(shadow, name, script)
    const before = await catalogSnapshot(shadow.session.client)
    const parts = await readParts(shadow.session.client, target.connection.schema)
    await using engine = await openEngine({ url: shadow.target.connection.url, schema })
    const found = await findDifference(shadow, engine, schema, options)
    if (found.up === '' && found.renames.length === 0) return undefined
    // The proof begins where the history ends.
    for (const rename of found.renames.toReversed())
      await shadow.session.client.query(renameSql(reversed(rename)))
    const up = joinStatements(found.renames.map(renameSql)) + gap(found.renames) + (await annotate(found.up))
    const back = joinStatements((await cutScript(found.down)).map(({ text }) => text))
    const down =
      back +
      gap(found.renames) +
      joinStatements(found.renames.toReversed().map((each) => renameSql(reversed(each))))
    await runInShadow(shadow, 'The new migration', up)
    const remaining = await engine.diffSql(database, schemaSide(schema))
    if (remaining !== '') throw draftUnproved({ database: target.name, remaining })
    await runInShadow(shadow, 'down.sql of the new migration', down)
    const { restored, traces } = await restore(shadow, before, parts)
    return {
      up: found.lookAlikes.map(lookAlikeWarning).join('') + up,
      down: down + restored + traces.map(traceWarning).join(''),
      creates: await tablesCreated(up),
      renames: found.renames,
      lookAlikes: found.lookAlikes,
    }
  })
}

const database: Side = { kind: 'database' }
const schemaSide = (files: readonly SchemaFile[]): Side => ({ kind: 'schema', files })
const gap = (renames: readonly Rename[]) => (renames.length > 0 ? '\n' : '')

/** Makes again what the way back has left out because a schema can't say it; what remains are the traces. */
async function restore(shadow: Shadow, before: CatalogSnapshot, parts: readonly Part[]) {
  const after = await catalogSnapshot(shadow.session.client)
  const traces = catalogDifferences(before, after)
  const lost = new Set(traces.map(({ object }) => object.replace(/^existence of /, '')))
  const missing = parts.filter(({ object }) => lost.has(object))
  if (missing.length === 0) return { restored: '', traces }
  const statements = joinStatements(missing.flatMap((part) => statementsFor(part, after)))
  try {
    await runInShadow(shadow, 'down.sql of the new migration', statements)
  } catch (error) {
    if (errorCode(error) !== replayFailed.code) throw error
    return { restored: '', traces }
  }
  const remaining = catalogDifferences(before, await catalogSnapshot(shadow.session.client))
  return { restored: `\n-- What the schema doesn't say\n${statements}`, traces: remaining }
}

/** Renames are made in the shadow first, so that the engine sees only what is left to do. */
async function findDifference(
  shadow: Shadow,
  engine: Engine,
  schema: readonly SchemaFile[],
  { renames: wanted, ask }: DraftOptions,
) {
  const renames: Rename[] = []
  const asked = new Set<string>()
  const lookAlikes: Rename[] = []
  let toMake = await applicable(shadow, wanted)
  for (;;) {
    for (const rename of toMake) await shadow.session.client.query(renameSql(rename))
    renames.push(...toMake)
    const up = await engine.diffSql(database, schemaSide(schema))
    const down = up === '' ? '' : await engine.diffSql(schemaSide(schema), database)
    toMake = []
    for (const rename of await findLookAlikes(up, down)) {
      const text = formatRename(rename)
      if (asked.has(text)) continue
      asked.add(text)
      const answer = await ask(shadow.target, rename)
      if (answer === undefined) lookAlikes.push(rename)
      // One at a time: what is a rename may make another question pointless.
      if (answer) {
        toMake = [rename]
        break
      }
    }
    if (toMake.length === 0) return { up, down, renames, lookAlikes }
  }
}

/** Those whose old name is there and whose new one isn't, each seen after the ones before it. */
async function applicable(
  { session: { client }, target }: Shadow,
  renames: readonly Rename[],
): Promise<Rename[]> {
  const { rows } = await client.query<{ table: string; column: string | null }>(
    `SELECT c.relname AS table, a.attname AS column
       FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relkind IN ('r', 'p') AND c.relnamespace = to_regnamespace(quote_ident($1))`,
    [target.connection.schema],
  )
  const tables = new Map<string, Set<string>>()
  for (const { table, column } of rows) {
    const columns = tables.get(table) ?? new Set()
    tables.set(table, column === null ? columns : columns.add(column))
  }
  return renames.filter((rename) => {
    if (rename.kind === 'table') {
      const columns = tables.get(rename.from)
      if (!columns || tables.has(rename.to)) return false
      tables.delete(rename.from)
      tables.set(rename.to, columns)
      return true
    }
    const columns = tables.get(rename.table)
    if (!columns?.has(rename.from) || columns.has(rename.to)) return false
    columns.delete(rename.from)
    columns.add(rename.to)
    return true
  })
}

const lookAlikeWarning = (rename: Rename): string =>
  `-- WARNING: this may be a rename; as it stands, the values are lost. If it is one, make this migration again with
--   --rename ${formatRename(rename)}\n\n`
