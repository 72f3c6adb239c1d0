import type { CompanionHistory } from '../catalog/define.ts'
import type { Target } from '../catalog/resolve.ts'
import { execute } from '../execute/execute.ts'
import { prepareJobs } from '../execute/job.ts'
import { readHistory } from '../history/read.ts'
import { makeLedger } from '../ledger/ledger.ts'
import { readRows } from '../ledger/read.ts'
import { planBlocked } from '../plan/failures.ts'
import { type DatabaseState, makeState } from '../plan/state.ts'
import type { Step } from '../plan/step.ts'
import type { Session } from '../server/session.ts'
import { companionNewer } from './failures.ts'

/** Where the histories of a companion stand that share the ledger of its schema. */
export async function readCompanionStates(
  session: Session,
  schema: string,
  histories: readonly CompanionHistory[],
): Promise<readonly DatabaseState[]> {
  const rows = await readRows(session, schema)
  const states = histories.map((each) => {
    const history = readHistory(each)
    const names = new Set(history.revisions.map(({ name }) => name))
    return makeState(
      history,
      makeLedger(
        each.name,
        rows.filter(({ name }) => names.has(name)),
      ),
    )
  })
  const known = new Set(states.flatMap(({ history }) => history.revisions.map(({ name }) => name)))
  const unknown = rows.filter(({ name, rolledBackAt }) => rolledBackAt === null && !known.has(name))
  if (unknown.length > 0) throw companionNewer({ schema, revisions: unknown.map(({ name }) => name) })
  return states
}

/** Brings a history of a companion to head. */
export const toHead = async (session: Session, schema: string, state: DatabaseState): Promise<void> =>
  await run(
    session,
    schema,
    state,
    state.pending.map((revision) => ({ kind: 'upgrade', database: state.database, revision, needs: [] })),
  )

/** Undoes all of a history of a companion. */
export const toBase = async (session: Session, schema: string, state: DatabaseState): Promise<void> =>
  await run(
    session,
    schema,
    state,
    state.applied.toReversed().flatMap((revision): Step[] => {
      const row = state.ledger.applied.find(({ name }) => name === revision.name)
      return row ? [{ kind: 'downgrade', database: state.database, revision, row, needs: [] }] : []
    }),
  )

async function run(
  session: Session,
  schema: string,
  state: DatabaseState,
  steps: readonly Step[],
): Promise<void> {
  const [finding, ...others] = state.findings
  if (finding) throw planBlocked([finding, ...others])
  const [target] = session.targets
  if (steps.length === 0 || !target) return
  const own: Target = {
    ...target,
    name: state.database,
    connection: { ...target.connection, schema },
  }
  const outcomes = await execute(prepareJobs(steps, [state]), [{ ...session, targets: [own] }])
  const failed = outcomes.find((outcome) => outcome.kind === 'failed')
  if (failed) throw failed.error
}
