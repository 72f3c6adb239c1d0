import { errorMessage } from '@manybase/failure'
import type { Client } from 'pg'
import type { Target } from '../catalog/target.ts'
import { compare } from '../drift/compare.ts'
import { findDrift } from '../drift/drift.ts'
import { renderDrift } from '../drift/render.ts'
import { repair } from '../drift/repair.ts'
import { withoutRoles } from '../drift/without-roles.ts'
import { namesIn } from '../roles/desired.ts'
import { withShadow } from '../shadow/shadow.ts'
import { type DatabaseObject, describeObject, keyOf } from '../snapshot/object.ts'
import { databaseObjects } from '../snapshot/objects.ts'
import { backupCannotCarry, backupDrifted } from './failures.ts'
import { schemasIn } from './inventory.ts'
import type { ExtraSchemas, HistoryFacts } from './manifest.ts'
import type { PhysicalDatabase } from './physical.ts'
import { connectForCopy } from './reader.ts'
import { replayOf, runReplay } from './replays.ts'

/**
 * Makes sure that the histories make everything in the PostgreSQL schemas that they fill, and finds statements for
 * the rest: tables of the migrator and of its companions, and whatever others have put into the database. The
 * statements are tried, so that an archive can be restored.
 * @throws `backup.drifted`, `backup.cannot-carry`, `plan.*`, `shadow.*`, `server.*`
 */
export async function findExtra(
  database: PhysicalDatabase,
  histories: readonly HistoryFacts[],
): Promise<ExtraSchemas> {
  const drifts = await Promise.all(database.targets.map((target) => findDrift(target)))
  for (const drift of drifts) {
    const differences = renderDrift(drift).slice(1)
    if (differences.length > 0) throw backupDrifted({ database: drift.database, differences })
  }
  const known = [...new Set(drifts.flatMap(({ schemas }) => schemas))]
  const extra = await readExtra(database, known)
  return extra.schemas.length === 0 ? extra : await tried(database, histories, extra)
}

async function readExtra(database: PhysicalDatabase, known: readonly string[]): Promise<ExtraSchemas> {
  const [target] = database.targets
  const client = await connectForCopy(target)
  try {
    const schemas = (await schemasIn(client)).filter((schema) => !known.includes(schema))
    if (schemas.length === 0) return { known, schemas, statements: [], objects: [] }
    const objects = await objectsBeyond(client, { known, schemas }, target)
    const { statements, byHand } = repair(compare(objects, []), objects)
    refuse(
      database,
      byHand.map(({ object, reason }) => `${object} (${reason})`),
    )
    return { known, schemas, statements, objects }
  } finally {
    await client.end()
  }
}

/**
 * What is there on account of the extra schemas: all that lies in them, and triggers on other tables that call their
 * functions.
 */
export async function objectsBeyond(
  client: Client,
  { known, schemas }: Pick<ExtraSchemas, 'known' | 'schemas'>,
  { connection, roles }: Target,
): Promise<readonly DatabaseObject[]> {
  const within = new Set((await databaseObjects(client, known, connection.schema)).map(keyOf))
  const all = await databaseObjects(client, [...known, ...schemas], connection.schema)
  return withoutRoles(
    all.filter((object) => !within.has(keyOf(object))),
    roles ? namesIn(roles) : [],
  )
}

function refuse({ name }: PhysicalDatabase, objects: readonly string[]): void {
  if (objects.length === 0) return
  throw backupCannotCarry({
    database: name,
    objects: objects.map((object) => `${object}, which no migration has made`),
  })
}

/** Makes it all in a shadow database, and puts the statements into an order that works. */
async function tried(
  database: PhysicalDatabase,
  histories: readonly HistoryFacts[],
  extra: ExtraSchemas,
): Promise<ExtraSchemas> {
  const [first] = database.targets
  return await withShadow(first, async ({ session }) => {
    for (const target of database.targets) {
      const history = histories.find((each) => each.database === target.name)
      if (history) await runReplay(session.client, replayOf(target, history))
    }
    await session.client.query(`SET search_path = ''; SET check_function_bodies = off`)
    const { statements, failed } = await inWorkingOrder(session.client, extra.statements)
    refuse(
      database,
      failed.map(({ statement, message }) => `${statement} (${message})`),
    )
    const made = await objectsBeyond(session.client, extra, first)
    refuse(
      database,
      compare(extra.objects, made).map(({ object }) => describeObject(object)),
    )
    return { ...extra, statements }
  })
}

interface Failed {
  readonly statement: string
  readonly message: string
}

/** Tries again what failed as long as others succeed: a function may need a table, and a table a function. */
async function inWorkingOrder(
  client: Client,
  all: readonly string[],
): Promise<{ readonly statements: readonly string[]; readonly failed: readonly Failed[] }> {
  const statements: string[] = []
  let left = all
  for (;;) {
    const failed: Failed[] = []
    for (const statement of left) {
      await client.query(statement).then(
        () => statements.push(statement),
        (error) => failed.push({ statement, message: errorMessage(error) }),
      )
    }
    if (failed.length === 0 || failed.length === left.length) return { statements, failed }
    left = failed.map(({ statement }) => statement)
  }
}
