import type { DatabaseState } from '../plan/state.ts'
import type { ScriptFinding } from './findings.ts'

/** Pending revisions whose names stand before that of an applied one. */
export function outOfOrder({ database, applied, pending }: DatabaseState): readonly ScriptFinding[] {
  return pending.flatMap(({ name: revision }) => {
    const later = applied.find(({ name }) => name > revision)
    return later ? [{ kind: 'out-of-order' as const, database, revision, applied: later.name }] : []
  })
}
