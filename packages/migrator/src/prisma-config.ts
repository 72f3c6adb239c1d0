import { useWasmSchemaEngine } from '@manybase/schema-engine/prisma-config'
import type { Database } from './catalog/catalog.ts'
import { findDatabase } from './catalog/catalog.ts'
import { readEnvironment } from './catalog/environment.ts'
import { databaseUnknown } from './catalog/failures.ts'
import { loadCatalog } from './catalog/load.ts'
import { onLocalServer, resolve, type Target } from './catalog/resolve.ts'

/** The settings of one database for the official Prisma CLI, as `prisma.config.ts` exports them. */
export interface PrismaSettings {
  readonly schema: string
  readonly migrations: { readonly path: string }
  readonly datasource?: { readonly url: string }
}

/** Commands that read no database, so that no server is started for them. */
const offline = new Set([
  'generate',
  'validate',
  'format',
  'version',
  '-v',
  '--version',
  '-h',
  '--help',
  'help',
])

/**
 * Makes `prisma.config.ts` of a database of the catalog: the same URL as the `db` command's, the local server
 * where none is set, and the schema engine in WebAssembly.
 */
export async function prismaConfig(name: string, from = process.cwd()): Promise<PrismaSettings> {
  useWasmSchemaEngine()
  const catalog = await loadCatalog(from)
  const database = findDatabase(catalog, name)
  const settings = { schema: database.schemaFile, migrations: { path: database.migrations } }
  const command = process.argv[2]
  if (command === undefined || offline.has(command)) return settings
  return { ...settings, datasource: { url: await urlOf(database, catalog) } }
}

async function urlOf(database: Database, catalog: Awaited<ReturnType<typeof loadCatalog>>): Promise<string> {
  const env = readEnvironment(catalog.root)
  const resolution = await resolve(catalog, [database], env)
  const targets =
    resolution.kind === 'urls' || !catalog.local
      ? resolution.kind === 'urls'
        ? resolution.targets
        : []
      : onLocalServer(resolution.databases, await catalog.local.start(catalog.root))
  return memberOf(targets, env.get('DB_MEMBER'))?.connection.url ?? ''
}

/** Of a list the first member, or the one that the variable DB_MEMBER names. @throws `database.unknown` */
function memberOf(targets: readonly Target[], wanted: string | undefined): Target | undefined {
  const [first] = targets
  if (wanted === undefined || !first?.membership) return first
  const found = targets.find(({ membership }) => membership?.member === wanted)
  if (!found) throw databaseUnknown({ name: wanted, known: targets.map(({ name }) => name) })
  return found
}
