import type { LedgerRow } from './ledger.ts'

/**
 * What the column `logs` says of rows that need more than Prisma's columns can tell. Prisma shows the column
 * to people and reads nothing out of it.
 */

/** Of a finished row: the revision is for other environments, and nothing was run. */
export const skippedWords = (environment: string): string => `skipped in environment ${environment}`

/** The environment in which a revision was skipped. */
export const skippedIn = ({ logs }: Pick<LedgerRow, 'logs'>): string | undefined =>
  /^skipped in environment (.+)$/.exec(logs ?? '')?.[1]

/** A script that runs without a transaction, and what its unfinished row knows of it. */
export interface Progress {
  readonly way: 'applied' | 'undone'
  /** SHA-256 in hex of the script. */
  readonly checksum: string
}

/** Of an unfinished row: `applied_steps_count` statements of this very script are through. */
export const progressWords = ({ way, checksum }: Progress): string =>
  `${way} statement by statement, as far as applied_steps_count says (script ${checksum})`

const progress = /^(applied|undone) statement by statement, .* \(script ([0-9a-f]{64})\)/

/** What an unfinished row says of a script that can be gone on with; undefined for any other row. */
export function progressOf({ logs, finishedAt }: LedgerRow): Progress | undefined {
  const [, way, checksum] = (finishedAt === null && progress.exec(logs ?? '')) || []
  if (checksum === undefined) return undefined
  return { way: way === 'undone' ? 'undone' : 'applied', checksum }
}
