import { compare } from '../drift/compare.ts'
import { findDrift } from '../drift/drift.ts'
import { renderDrift } from '../drift/render.ts'
import { repair } from '../drift/repair.ts'
import { databaseObjects } from '../snapshot/objects.ts'
import { backupCannotCarry, backupDrifted } from './failures.ts'
import { schemasIn } from './inventory.ts'
import type { ExtraSchemas } from './manifest.ts'
import type { PhysicalDatabase } from './physical.ts'
import { connectForCopy } from './reader.ts'

/**
 * Makes sure that the histories make everything in the PostgreSQL schemas that they fill, and finds statements for
 * the rest: the migrator's own tables, and whatever others have put into the database.
 * @throws `backup.drifted`, `backup.cannot-carry`, `plan.*`, `shadow.*`, `server.*`
 */
export async function findExtra(database: PhysicalDatabase): Promise<ExtraSchemas> {
  const drifts = await Promise.all(database.targets.map((target) => findDrift(target)))
  for (const drift of drifts) {
    const differences = renderDrift(drift).slice(1)
    if (differences.length > 0) throw backupDrifted({ database: drift.database, differences })
  }
  return await readExtra(database, new Set(drifts.flatMap(({ schemas }) => schemas)))
}

async function readExtra(database: PhysicalDatabase, known: ReadonlySet<string>): Promise<ExtraSchemas> {
  const [target] = database.targets
  const client = await connectForCopy(target)
  try {
    const schemas = (await schemasIn(client)).filter((schema) => !known.has(schema))
    if (schemas.length === 0) return { schemas, statements: [], objects: [] }
    const objects = await databaseObjects(client, schemas, target.connection.schema)
    const { statements, byHand } = repair(compare(objects, []), objects)
    if (byHand.length > 0) {
      const problems = byHand.map(({ object, reason }) => `${object}, made by no migration (${reason})`)
      throw backupCannotCarry({ database: database.name, objects: problems })
    }
    return { schemas, statements, objects }
  } finally {
    await client.end()
  }
}
