import type { Client } from 'pg'
import type { Target } from '../catalog/resolve.ts'
import { readHistory } from '../history/read.ts'
import type { Revision } from '../history/revision.ts'
import { createLedger } from '../ledger/sql.ts'
import { inOrder } from '../plan/in-order.ts'
import { replay } from '../shadow/replay.ts'
import type { HistoryFacts } from './manifest.ts'

/** The scripts that make a history's part of the schema again, in their order. */
export interface Replay {
  readonly target: Target
  readonly revisions: readonly Revision[]
}

/** What was applied and ran; a revision that was skipped in its environment has made nothing. */
export function replayOf(target: Target, { revisions }: Pick<HistoryFacts, 'revisions'>): Replay {
  const run = revisions.filter(({ skippedIn }) => skippedIn === undefined)
  const names = new Set(run.map(({ revision }) => revision))
  return { target, revisions: inOrder(readHistory(target).revisions.filter(({ name }) => names.has(name))) }
}

/** Makes a history's ledger, empty, and its part of the schema. @throws `shadow.replay-failed` */
export async function runReplay(client: Client, { target, revisions }: Replay): Promise<void> {
  await client.query(createLedger(target.connection.schema))
  await replay({ target, session: { client, targets: [target], close: async () => {} } }, revisions)
}
