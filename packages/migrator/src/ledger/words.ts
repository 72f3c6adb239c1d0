import type { Beginning } from '../history/beginning.ts'

/**
 * What the column `logs` says of rows that need more than Prisma's columns can tell. Prisma shows the column
 * to people and reads nothing out of it.
 */

/** What is looked at of a row. */
interface Row {
  readonly logs: string | null
  readonly finishedAt: Date | null
}

/** Of a finished row: the revision is for other environments, and nothing was run. */
export const skippedWords = (environment: string): string => `skipped in environment ${environment}`

/** The environment in which a revision was skipped. */
export const skippedIn = ({ logs }: Pick<Row, 'logs'>): string | undefined =>
  /^skipped in environment (.+)$/.exec(logs ?? '')?.[1]

/** How far a script came that runs without a transaction. */
export interface Progress {
  readonly way: 'applied' | 'undone'
  /** What is through, `applied_steps_count` statements. */
  readonly through: Beginning
  /** Of what is being undone: when it had been applied, which its row keeps when it counts as rolled back. */
  readonly applied?: Date
}

/** Of an unfinished row. */
export const progressWords = ({ way, through: { length, checksum }, applied }: Progress): string =>
  `${way} statement by statement; applied_steps_count are through, the first ${length} characters (SHA-256 ${checksum})` +
  (applied ? `; applied ${applied.toISOString()}` : '')

const progress =
  /^(applied|undone) statement by statement; .* first (\d+) characters \(SHA-256 ([0-9a-f]{64})\)(?:; applied (\S+))?/

/** What an unfinished row says of a script that can be gone on with; undefined for any other row. */
export function progressOf({ logs, finishedAt }: Row): Progress | undefined {
  const [, way, length, checksum, applied] = (finishedAt === null && progress.exec(logs ?? '')) || []
  if (checksum === undefined) return undefined
  return {
    way: way === 'undone' ? 'undone' : 'applied',
    through: { length: Number(length), checksum },
    ...(applied !== undefined && { applied: new Date(applied) }),
  }
}
