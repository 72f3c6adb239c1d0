import { join } from 'node:path'
import type { Target } from '../catalog/resolve.ts'
import { execute } from '../execute/execute.ts'
import type { Job } from '../execute/job.ts'
import type { Revision } from '../history/revision.ts'
import { skippedIn } from '../ledger/words.ts'
import { makeGraph } from '../plan/graph.ts'
import type { DatabaseState } from '../plan/state.ts'
import type { Session } from '../server/session.ts'
import { openSessions } from '../server/session.ts'
import { withShadow } from './shadow.ts'

/**
 * Applies to a shadow database the revisions that a database has as applied, by the same code that applied
 * them there, and works with the result.
 * @throws what a revision fails with, `shadow.forbidden`, `server.*`
 */
export async function withReplay<T>(
  target: Target,
  state: DatabaseState,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  return await withShadow(target, async (shadow) => {
    const [session] = await openSessions([shadow], { create: false })
    if (!session) throw new Error('a shadow database has a session')
    try {
      const outcomes = await execute(replayJobs(state), [session])
      const failed = outcomes.find((outcome) => outcome.kind === 'failed')
      if (failed) throw failed.error
      return await work(session)
    } finally {
      await session.close()
    }
  })
}

/** Other databases have no part in it, and timeouts are for tables that somebody uses. */
function replayJobs({ history, applied, ledger }: DatabaseState): readonly Job[] {
  const rows = new Map(ledger.applied.map((row) => [row.name, row]))
  return inOrder(history.revisions, applied).map((revision) => {
    const row = rows.get(revision.name)
    const environment = row && skippedIn(row)
    return {
      step: { kind: 'upgrade', database: revision.database, revision, needs: [] },
      file: join(revision.path, 'migration.sql'),
      script: environment === undefined ? revision.script : '',
      options: {},
      ...(environment !== undefined && { skippedIn: environment }),
    }
  })
}

function inOrder(revisions: readonly Revision[], applied: readonly Revision[]): readonly Revision[] {
  const wanted = new Set(applied)
  const [first] = revisions
  const { nodes } = makeGraph([{ database: first?.database ?? '', revisions }])
  return nodes
    .filter(({ revision }) => wanted.has(revision))
    .sort((a, b) => a.rank - b.rank)
    .map(({ revision }) => revision)
}
