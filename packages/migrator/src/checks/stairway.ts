import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorMessage } from '@manybase/failure'
import type { Target } from '../catalog/resolve.ts'
import { execute } from '../execute/execute.ts'
import type { Job } from '../execute/job.ts'
import type { History, Revision } from '../history/revision.ts'
import { readLedger } from '../ledger/read.ts'
import { createLedger } from '../ledger/sql.ts'
import { inOrder } from '../plan/in-order.ts'
import type { Session } from '../server/session.ts'
import { withShadow } from '../shadow/shadow.ts'
import { type CatalogDifference, catalogDifferences, catalogSnapshot } from '../snapshot/catalog-snapshot.ts'

/** What went wrong on the way through a history, by what was tried. */
export interface Stairway {
  /** Up, down, up, for each revision from base to head. */
  readonly stairs: readonly string[]
  /** What a revision leaves behind when it is undone. */
  readonly traces: readonly string[]
  /** From head down to base in one go. */
  readonly wayDown: readonly string[]
}

/** Walks a history up and down in a shadow database on the target's server. */
export async function walkStairs(
  target: Target,
  history: History,
  atHead: (session: Session) => Promise<void>,
): Promise<Stairway> {
  return await withShadow(target, async ({ target: shadow, session }) => {
    await session.client.query(createLedger(shadow.connection.schema))
    return await walk(shadow, session, inOrder(history.revisions), atHead)
  })
}

async function walk(
  shadow: Target,
  session: Session,
  revisions: readonly Revision[],
  atHead: (session: Session) => Promise<void>,
): Promise<Stairway> {
  const [stairs, traces, wayDown]: [string[], string[], string[]] = [[], [], []]
  const base = await catalogSnapshot(session.client)
  for (const revision of revisions) {
    try {
      const before = await catalogSnapshot(session.client)
      await up(session, revision)
      if (!hasDown(revision)) continue
      const first = await catalogSnapshot(session.client)
      await down(shadow, session, revision)
      const left = catalogDifferences(before, await catalogSnapshot(session.client))
      traces.push(...left.map((each) => `${revision.name}: ${describe(each)} after down.sql`))
      await up(session, revision)
      const again = catalogDifferences(first, await catalogSnapshot(session.client))
      stairs.push(...again.map((each) => `${revision.name}: ${describe(each)} the second time`))
    } catch (error) {
      // Nothing above it can be tried.
      return { stairs: [...stairs, `${revision.name}: ${errorMessage(error)}`], traces, wayDown }
    }
  }
  await atHead(session)
  if (!revisions.every(hasDown)) return { stairs, traces, wayDown }
  try {
    for (const revision of revisions.toReversed()) await down(shadow, session, revision)
    wayDown.push(...catalogDifferences(base, await catalogSnapshot(session.client)).map(describe))
  } catch (error) {
    wayDown.push(errorMessage(error))
  }
  return { stairs, traces, wayDown }
}

const describe = ({ kind, object }: CatalogDifference): string => `${object} is ${kind}`

const hasDown = ({ path }: Revision): boolean => existsSync(join(path, 'down.sql'))

async function up(session: Session, revision: Revision): Promise<void> {
  const step = { kind: 'upgrade' as const, database: revision.database, revision, needs: [] }
  const file = join(revision.path, 'migration.sql')
  await run(session, { step, file, script: revision.script, options: {} })
}

async function down(shadow: Target, session: Session, revision: Revision): Promise<void> {
  const { applied } = await readLedger(session, revision.database, shadow.connection.schema)
  const row = applied.find(({ name }) => name === revision.name)
  if (!row) throw new Error(`${revision.name} is not in the ledger after it was applied`)
  const step = { kind: 'downgrade' as const, database: revision.database, revision, needs: [], row }
  const file = join(revision.path, 'down.sql')
  await run(session, { step, file, script: readFileSync(file, 'utf8'), options: {} })
}

async function run(session: Session, job: Job): Promise<void> {
  const [outcome] = await execute([job], [session])
  if (outcome?.kind === 'failed') throw outcome.error
}
