import type { RevisionFile } from '../history/files.ts'
import type { LedgerRow } from '../ledger/ledger.ts'
import { duration } from './output.ts'

/** What a revision consists of. */
export interface MakeUp {
  readonly creates: readonly string[]
  readonly transaction: 'one' | 'none'
  readonly checksum: string
  readonly files: readonly RevisionFile[]
  /** Whether there is a `down.sql`. */
  readonly reversible: boolean
}

export const renderMakeUp = ({ creates, transaction, checksum, files, reversible }: MakeUp): string[] => [
  ...(creates.length > 0 ? [`Creates: ${creates.join(', ')}`] : []),
  `Transaction: ${transaction}`,
  `Checksum: ${checksum}`,
  ...files.map(({ name, bytes, lines }) => `File: ${name}, ${lines} lines, ${bytes} bytes`),
  ...(reversible ? [] : ['No down.sql: this revision has no way back.']),
]

/** One line for each time that the revision was started. */
export function renderLedger(rows: readonly LedgerRow[] | null): string[] {
  if (rows === null) return ['Ledger: not read']
  if (rows.length === 0) return ['Ledger: no row']
  return rows.map((row) => `Ledger: ${describe(row)}`)
}

function describe({ startedAt, finishedAt, rolledBackAt }: LedgerRow): string {
  const start = startedAt.toISOString()
  if (rolledBackAt) return `started ${start}, rolled back ${rolledBackAt.toISOString()}`
  if (!finishedAt) return `started ${start}, never finished`
  return `applied ${finishedAt.toISOString()}, in ${duration(Math.max(0, finishedAt.getTime() - startedAt.getTime()))}`
}
