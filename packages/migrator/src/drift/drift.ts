import type { Target } from '../catalog/resolve.ts'
import type { Revision } from '../history/revision.ts'
import { skippedIn } from '../ledger/words.ts'
import { planBlocked } from '../plan/failures.ts'
import { inOrder } from '../plan/in-order.ts'
import type { DatabaseState } from '../plan/state.ts'
import { namesIn } from '../roles/desired.ts'
import { explainServerError } from '../server/explain.ts'
import type { Session } from '../server/session.ts'
import { replay } from '../shadow/replay.ts'
import { withShadow } from '../shadow/shadow.ts'
import type { DatabaseObject } from '../snapshot/object.ts'
import { databaseObjects, usedSchemas } from '../snapshot/objects.ts'
import { readStates, withWorkspace } from '../workspace.ts'
import { type CompareOptions, compare, compareOwners, type Difference, type OtherOwner } from './compare.ts'
import { withoutRoles } from './without-roles.ts'

/** How a live database differs from what its applied revisions make. */
export interface Drift {
  readonly database: string
  /** Which PostgreSQL schemas were compared; others belong to other services. */
  readonly schemas: readonly string[]
  readonly differences: readonly Difference[]
  /** What belongs to another role, whether that counts as a difference or not. */
  readonly owners: readonly OtherOwner[]
  /** What the history makes, for those who want to make it again. */
  readonly expected: readonly DatabaseObject[]
}

/**
 * Compares a live database with what its applied revisions make. The live database is only read.
 * @throws `plan.*` when the ledger names what isn't on disk or isn't finished, `shadow.*`, `server.*`
 */
export async function findDrift(target: Target, options: CompareOptions = {}): Promise<Drift> {
  return await withWorkspace([target], { create: false }, async (workspace) => {
    const [state] = await readStates(workspace)
    const [session] = workspace.sessions
    if (!state || !session) throw new Error('a workspace has a state and a session for its target')
    assertReplayable(state)
    return await compareWith(target, session, executed(state), options)
  })
}

/**
 * Compares a live database with what these revisions make of an empty one: they are applied to a shadow
 * database, and both are read the same way.
 * @throws `shadow.*`, `server.*`
 */
export async function compareWith(
  target: Target,
  { client: liveClient }: Session,
  revisions: readonly Revision[],
  options: CompareOptions = {},
): Promise<Drift> {
  const { schema } = target.connection
  const { expected, schemas } = await withShadow(target, async (shadow) => {
    const { client } = shadow.session
    await replay(shadow, inOrder(revisions))
    const schemas = [...new Set([schema, ...(await usedSchemas(client))])]
    return { schemas, expected: await databaseObjects(client, schemas, schema) }
  })
  const found = await databaseObjects(liveClient, schemas, schema).catch((error) => {
    throw explainServerError(error, target)
  })
  const live = withoutRoles(found, target.roles ? namesIn(target.roles) : [])
  return {
    database: target.name,
    schemas,
    expected,
    differences: compare(expected, live, options),
    owners: compareOwners(expected, live),
  }
}

/** An edited revision is replayed as it is now: that the database is otherwise is just what is looked for. */
function assertReplayable({ findings }: DatabaseState): void {
  const [first, ...others] = findings.filter(({ kind }) => kind !== 'divergent')
  if (first) throw planBlocked([first, ...others])
}

/** The applied revisions but those that were skipped in this environment. */
function executed({ applied, ledger }: DatabaseState): readonly Revision[] {
  const skipped = new Set(
    ledger.applied.filter((row) => skippedIn(row) !== undefined).map(({ name }) => name),
  )
  return applied.filter(({ name }) => !skipped.has(name))
}
