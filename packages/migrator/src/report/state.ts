import { explainFinding } from '../plan/findings.ts'
import { type DatabaseState, isAtHead } from '../plan/state.ts'

const ids = (list: readonly string[]): string => (list.length > 0 ? list.join(', ') : 'base')

/** `✅ socrates_auth: 002 (head)`, or how far it is from that. */
export function renderState(state: DatabaseState): string {
  const { database, current, heads, pending, findings } = state
  if (isAtHead(state)) return `✅ ${database}: ${ids(current)} (head)`
  const behind = pending.length > 0 ? [`${pending.length} behind ${ids(heads)}`] : []
  const kinds = [...new Set(findings.map(({ kind }) => kind))]
  return `❌ ${database}: ${ids(current)} (${[...behind, ...kinds].join(', ')})`
}

/** A state for machines: stable keys, revisions by directory name. */
export const stateToJson = (state: DatabaseState) => ({
  database: state.database,
  current: state.current,
  heads: state.heads,
  atHead: isAtHead(state),
  applied: state.applied.map(({ name }) => name),
  pending: state.pending.map(({ name }) => name),
  findings: state.findings.map((finding) => ({ ...finding, ...explainFinding(finding) })),
})
