import { checksum } from '../../history/checksum.ts'
import type { History, Revision } from '../../history/revision.ts'
import { makeLedger } from '../../ledger/ledger.ts'
import { type DatabaseState, makeState } from '../state.ts'

/** Revisions, histories and states for tests of plans. */

export type Draft = Partial<Pick<Revision, 'parents' | 'dependsOn' | 'name' | 'script'>>

export function revision(database: string, id: string, draft: Draft = {}): Revision {
  const script = draft.script ?? `SELECT '${database} ${id}'`
  const name = draft.name ?? `${id}_it`
  return {
    database,
    id,
    name,
    path: `/${database}/${name}`,
    parents: draft.parents ?? [],
    dependsOn: draft.dependsOn ?? [],
    script,
    checksum: checksum(script),
  }
}

/** A history without branches. */
export const line = (database: string, ...ids: string[]): History => ({
  database,
  revisions: ids.map((id, index) =>
    revision(database, id, { parents: ids.slice(Math.max(0, index - 1), index) }),
  ),
})

export const row = (from: Revision, more: object = {}) => ({
  id: from.name,
  name: from.name,
  checksum: from.checksum,
  startedAt: new Date(0),
  finishedAt: new Date(0),
  rolledBackAt: null,
  appliedSteps: 1,
  logs: null,
  ...more,
})

/** A state in which these revisions are applied, by id; a number means the first ones. */
export function stateOf(
  history: History,
  applied: number | ReadonlySet<string>,
  more: object = {},
): DatabaseState {
  const { database, revisions } = history
  const isApplied = ({ id }: Revision, index: number) =>
    typeof applied === 'number' ? index < applied : applied.has(id)
  return makeState(
    history,
    makeLedger(
      database,
      revisions.filter(isApplied).map((each) => row(each, more)),
    ),
  )
}
