import { beginsWith } from '../history/beginning.ts'
import { matchesChecksum } from '../history/checksum.ts'
import type { History, Revision } from '../history/revision.ts'
import { isHalfUndone, type Ledger, type LedgerRow } from '../ledger/ledger.ts'
import { progressOf } from '../ledger/words.ts'
import type { Finding } from './findings.ts'
import { headsOf } from './graph.ts'

/** Where one database stands: its history against its ledger. */
export interface DatabaseState {
  readonly database: string
  readonly history: History
  readonly ledger: Ledger
  readonly applied: readonly Revision[]
  readonly pending: readonly Revision[]
  /** Ids of the applied revisions that no other applied one revises; empty at base. */
  readonly current: readonly string[]
  /** Ids of the history's heads. */
  readonly heads: readonly string[]
  /** What keeps the ledger from agreeing with the history. */
  readonly findings: readonly Finding[]
}

/** Compares a history with its ledger. */
export function makeState(history: History, ledger: Ledger): DatabaseState {
  const rows = new Map(ledger.applied.map((row) => [row.name, row]))
  const applied = history.revisions.filter(({ name }) => rows.has(name))
  const pending = history.revisions.filter(({ name }) => !rows.has(name))
  return {
    database: history.database,
    history,
    ledger,
    applied,
    pending,
    current: headsOf(applied),
    heads: headsOf(history.revisions),
    findings: [
      ...missing(history, ledger),
      ...divergent(applied, ledger),
      ...unfinished(history, ledger),
      ...ledger.applied.filter(isHalfUndone).map((row) => halfDone('half-undone', ledger.database, row)),
    ],
  }
}

export const isAtHead = (state: DatabaseState): boolean =>
  state.pending.length === 0 && state.findings.length === 0

function missing(history: History, ledger: Ledger): Finding[] {
  const onDisk = new Set(history.revisions.map(({ name }) => name))
  return ledger.applied
    .filter(({ name }) => !onDisk.has(name))
    .map(({ name }) => ({ kind: 'missing', database: ledger.database, revision: name }))
}

function divergent(applied: readonly Revision[], ledger: Ledger): Finding[] {
  const checksums = new Map(ledger.applied.map((row) => [row.name, row.checksum]))
  return applied
    .filter(({ name, script, checksum }) => !matchesChecksum(checksums.get(name) ?? '', script, checksum))
    .map(({ name, path }) => ({ kind: 'divergent', database: ledger.database, revision: name, path }))
}

function unfinished({ database, revisions }: History, ledger: Ledger): Finding[] {
  if (ledger.unfinished.length === 0) return []
  const onDisk = new Map(revisions.map((revision) => [revision.name, revision]))
  return ledger.unfinished.map((row) =>
    isResumable(row, onDisk.get(row.name))
      ? halfDone('half-applied', database, row)
      : { kind: 'unfinished', database, revision: row.name, logs: row.logs },
  )
}

/** Whether a script still begins with the statements that are through. */
export function isResumable(row: LedgerRow, revision: Revision | undefined): boolean {
  const progress = progressOf(row)
  return (
    progress?.way === 'applied' && revision !== undefined && beginsWith(revision.script, progress.through)
  )
}

const halfDone = (kind: 'half-applied' | 'half-undone', database: string, row: LedgerRow): Finding => ({
  kind,
  database,
  revision: row.name,
  statements: row.appliedSteps,
})
