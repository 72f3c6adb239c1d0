import type { History } from '../history/revision.ts'
import { makeGraph } from '../plan/graph.ts'
import { checkNameOrder } from '../plan/name-order.ts'
import type { DatabaseState } from '../plan/state.ts'
import { unknownDatabases } from '../plan/unknown-databases.ts'
import { verifyData } from './data.ts'
import { type CheckFinding, isOfHistory } from './findings.ts'
import { outOfOrder } from './out-of-order.ts'
import { verifyScripts } from './scripts.ts'

/** What was found in one database's history, and in its ledger where that was read. */
export interface Verification {
  readonly database: string
  readonly revisions: number
  readonly findings: readonly CheckFinding[]
}

export interface Verified {
  readonly history: History
  /** Where the database stands; without it only what is on disk is verified. */
  readonly state?: DatabaseState
}

/**
 * Verifies histories: the graph that they make together, each by itself, and against the ledgers.
 * @param others histories of the catalog that are known and not verified themselves
 * @param catalog names of all databases there are
 */
export async function verifyHistories(
  verified: readonly Verified[],
  others: readonly History[] = [],
  catalog: readonly string[] = [],
): Promise<readonly Verification[]> {
  const { findings } = makeGraph([...verified.map(({ history }) => history), ...others])
  const ofGraph = findings.filter(isOfHistory)
  return await Promise.all(
    verified.map(async ({ history, state }) => ({
      database: history.database,
      revisions: history.revisions.length,
      findings: [
        ...ofGraph.filter(({ database }) => database === history.database),
        ...unknownDatabases(history.revisions, catalog).filter(isOfHistory),
        ...checkNameOrder(history).filter(isOfHistory),
        ...(await verifyScripts(history)),
        ...(await verifyData(history)),
        ...(state ? verifyLedger(state) : []),
      ],
    })),
  )
}

/** What is wrong with a ledger, held to its history. */
export const verifyLedger = (state: DatabaseState): readonly CheckFinding[] => [
  ...state.findings.filter(isOfHistory),
  ...outOfOrder(state),
]
