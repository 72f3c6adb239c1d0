import { errorCode } from '@manybase/failure'
import type { Client } from 'pg'
import { selectProgress } from './sql.ts'

/** How far a data migration has come, as its row says. */
export interface Progress {
  /** The revision's name. */
  readonly revision: string
  /** Of the row in the ledger: what belongs to an application that was undone counts no more. */
  readonly ledgerId: string
  /** SHA-256 of `data.sql` or `data.ts` at the last batch. */
  readonly checksum: string
  readonly cursor: string | null
  readonly rows: number
  readonly batches: number
  /** About how many rows there were to do at the beginning. */
  readonly total: number | null
  readonly batchSize: number | null
  /** How long its batches have taken altogether. */
  readonly workedMs: number
  readonly startedAt: Date
  readonly updatedAt: Date
  readonly finishedAt: Date | null
  /** Why the last run stopped, if it failed. */
  readonly error: string | null
  /** Whether a runner is at it just now. */
  readonly running: boolean
}

const noTable = ['42P01', '3F000']

/** What a history's data migrations have done; where none has ever run, there is nothing, and nothing is made. */
export async function readProgress(
  client: Pick<Client, 'query'>,
  history: string,
): Promise<readonly Progress[]> {
  try {
    const { rows } = await client.query<Progress>(selectProgress(history))
    return rows
  } catch (error) {
    if (noTable.includes(errorCode(error) ?? '')) return []
    throw error
  }
}
