import { errorCode } from '@manybase/failure'
import { compare } from '../drift/compare.ts'
import { repair } from '../drift/repair.ts'
import type { Shadow } from '../shadow/shadow.ts'
import { type CatalogSnapshot, catalogDifferences, catalogSnapshot } from '../snapshot/catalog-snapshot.ts'
import type { DatabaseObject } from '../snapshot/object.ts'
import { databaseObjects, usedSchemas } from '../snapshot/objects.ts'
import { joinStatements } from './statements.ts'
import { traceWarning } from './warnings.ts'

/** All that is there, in both readings: as objects that can be dropped, and whether anything is left of them. */
interface Whole {
  readonly objects: readonly DatabaseObject[]
  readonly snapshot: CatalogSnapshot
}

export async function readWhole({ session: { client }, target: { connection } }: Shadow): Promise<Whole> {
  const schemas = [...new Set([connection.schema, ...(await usedSchemas(client))])]
  return {
    objects: await databaseObjects(client, schemas, connection.schema),
    snapshot: await catalogSnapshot(client),
  }
}

/** What takes away all that the migration made, tried out, with a warning for each trace that it leaves. */
export async function wayBack(shadow: Shadow, empty: Whole): Promise<string> {
  const { objects } = await readWhole(shadow)
  const { statements } = repair(compare(empty.objects, objects))
  const script = joinStatements(await runInAnyOrder(shadow, statements))
  const traces = catalogDifferences(empty.snapshot, await catalogSnapshot(shadow.session.client))
  return script + traces.map(traceWarning).join('')
}

/** What PostgreSQL says of something that others still depend on. */
const dependentsExist = '2BP01'

/** Runs the statements in the order in which nothing depends on what they drop, and returns them in that order. */
async function runInAnyOrder({ session: { client } }: Shadow, statements: readonly string[]) {
  const done: string[] = []
  let waiting = statements.map((statement) => statement.replace(/;\s*$/, ''))
  while (waiting.length > 0) {
    const later: string[] = []
    for (const statement of waiting) {
      try {
        await client.query(statement)
        done.push(statement)
      } catch (error) {
        if (errorCode(error) !== dependentsExist) throw error
        later.push(statement)
      }
    }
    // What holds itself up is left, and comes out as a trace.
    if (later.length === waiting.length) break
    waiting = later
  }
  return done
}
