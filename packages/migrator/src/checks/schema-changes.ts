import { openEngine } from '@manybase/schema-engine'
import type { Target } from '../catalog/resolve.ts'
import { readSchema } from '../catalog/schema-files.ts'
import { withDatabase } from '../catalog/url.ts'
import { readHistory } from '../history/read.ts'

/**
 * What the Prisma schema of a database has changed since its last migration, in the engine's words; undefined when
 * there is nothing. The history is applied to a shadow database; the live one isn't looked at.
 * @throws `check.schema-missing`, `engine.refused`
 */
export async function schemaChanges(
  target: Target,
  direction: 'to schema' | 'to history' = 'to schema',
): Promise<string | undefined> {
  const files = readSchema(target)
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
