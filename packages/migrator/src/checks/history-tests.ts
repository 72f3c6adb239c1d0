import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { errorMessage } from '@manybase/failure'
import { type Catalog, type Database, select } from '../catalog/catalog.ts'
import { loadCatalog } from '../catalog/load.ts'
import type { Target } from '../catalog/resolve.ts'
import { parseDatabaseUrl, withDatabase } from '../catalog/url.ts'
import { readHistory } from '../history/read.ts'
import { headsOf } from '../plan/graph.ts'
import type { Session } from '../server/session.ts'
import { schemaChanges } from './schema-changes.ts'
import { walkStairs } from './stairway.ts'

/** One thing that was tried of one history; it holds when there are no problems. */
export interface HistoryTest {
  readonly database: string
  readonly name: string
  readonly problems: readonly string[]
}

export interface HistoryTestOptions {
  /** A folder in the repository whose catalog is meant. Default: the working directory. */
  readonly from?: string
  /** Names or labels of databases. Default: all. */
  readonly only?: readonly string[]
  /** URL of a PostgreSQL where this role may create databases; each test makes its own there and drops it. */
  readonly server: string
}

/**
 * Tries the histories of a catalog. In jest:
 *
 * @example
 * import { testHistories } from '@manybase/migrator/testing'
 * const results = await testHistories({ server: 'postgresql://postgres:password@localhost:5432/postgres' })
 * test.each(results)('$database: $name', ({ problems }) => expect(problems).toEqual([]))
 */
export async function testHistories({
  from = process.cwd(),
  only = [],
  server,
}: HistoryTestOptions): Promise<readonly HistoryTest[]> {
  const catalog = await loadCatalog(from)
  const targets = select(catalog, only).map((database) => onServer(database, server))
  return await testTargets(catalog, targets)
}

const onServer = (database: Database, server: string): Target => ({
  ...database,
  connection: parseDatabaseUrl(withDatabase(server, database.name), 'the server for tests'),
  origin: 'server for tests',
})

/** The same for databases of a catalog whose places are known; only shadow databases beside them are touched. */
export async function testTargets(
  catalog: Catalog,
  targets: readonly Target[],
): Promise<readonly HistoryTest[]> {
  const { loadSchemas, renderFinding, resolveReferences } = await import('@manybase/app-validation')
  const { references, findings } = resolveReferences(await loadSchemas(catalog.databases))
  const results: HistoryTest[] = []
  for (const target of targets) {
    const declared = references.filter(({ database }) => database === target.name)
    const schema = (await loadSchemas([target])).flatMap(({ tables }) => tables)
    const files = new Set(schema.map(({ position }) => position.file))
    const undeclared = findings.filter(({ position }) => files.has(position.file)).map(renderFinding)
    const columns = declared.map(({ table, column }) => `${table}.${column}`)
    results.push(...(await testHistory(target, columns)), {
      database: target.name,
      name: 'every referencing column is declared, and leads an index',
      problems: undeclared,
    })
  }
  return results
}

async function testHistory(target: Target, referencing: readonly string[]): Promise<readonly HistoryTest[]> {
  const history = readHistory(target)
  const heads = headsOf(history.revisions)
  const result = (name: string, problems: readonly string[]) => ({ database: target.name, name, problems })
  const keys: string[] = []
  const { stairs, traces, wayDown } = await walkStairs(target, history, async (session) => {
    keys.push(...(await foreignKeysOf(session)).filter((column) => referencing.includes(column)))
  })
  return [
    result('there is a single head', heads.length > 1 ? [`heads: ${heads.join(', ')}`] : []),
    result(
      'every revision has a way back',
      history.revisions.filter(({ path }) => !existsSync(join(path, 'down.sql'))).map(({ name }) => name),
    ),
    result('each revision goes up, down and up to the same again', stairs),
    result('each revision is undone without a trace', traces),
    result('the way from head to base leaves nothing', wayDown),
    result('the schema is what the history makes', await schemaProblems(target)),
    result('no foreign key stands where another database is referred to', keys),
  ]
}

async function schemaProblems(target: Target): Promise<readonly string[]> {
  try {
    const both = [await schemaChanges(target), await schemaChanges(target, 'to history')]
    return both.filter((text) => text !== undefined)
  } catch (error) {
    return [errorMessage(error)]
  }
}

/** Columns with a foreign key, as `table.column`. */
async function foreignKeysOf({ client }: Session): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT c.relname || '.' || a.attname AS name
       FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (k.conkey)
      WHERE k.contype = 'f'`,
  )
  return rows.map(({ name }) => name)
}
