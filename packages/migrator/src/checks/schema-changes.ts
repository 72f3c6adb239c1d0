import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { openEngine, type SchemaFile } from '@manybase/schema-engine'
import type { Target } from '../catalog/resolve.ts'
import { withDatabase } from '../catalog/url.ts'
import { readHistory } from '../history/read.ts'
import { schemaFileMissing } from './failures.ts'

/**
 * What the Prisma schema of a database has changed since its last migration, in the engine's words; undefined when
 * there is nothing. The history is applied to a shadow database; the live one isn't looked at.
 * @throws `check.schema-missing`, `engine.refused`
 */
export async function schemaChanges(
  target: Target,
  direction: 'to schema' | 'to history' = 'to schema',
): Promise<string | undefined> {
  const files = readSchemaFiles(target)
  const migrations = readHistory(target).revisions.map(({ name, script }) => ({ name, script }))
  // The database may not exist yet, and its server does.
  const url = withDatabase(target.connection.url, 'postgres')
  await using engine = await openEngine({ url, schema: files })
  const history = { kind: 'history', migrations } as const
  const schema = { kind: 'schema', files } as const
  const { text, differs } = await (direction === 'to schema'
    ? engine.diffSummary(history, schema)
    : engine.diffSummary(schema, history))
  return differs ? text : undefined
}

/** A schema is one file, or a folder whose `.prisma` files make it up. */
function readSchemaFiles({ name, schemaFile }: Target): readonly SchemaFile[] {
  if (!existsSync(schemaFile)) throw schemaFileMissing({ database: name, path: schemaFile })
  if (!statSync(schemaFile).isDirectory()) return [['schema.prisma', readFileSync(schemaFile, 'utf8')]]
  return readdirSync(schemaFile, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.prisma'))
    .map(({ parentPath, name: file }) => join(parentPath, file))
    .sort()
    .map((path) => [relative(schemaFile, path), readFileSync(path, 'utf8')] as const)
}
