import type { Client } from 'pg'
import type { BatchResult } from './statement.ts'

/** What does the batches of a data migration, whichever language it is written in. */
export interface Source {
  /** About how many rows there are to do; null when nobody can say. Asked before the first batch. */
  count(client: Client): Promise<number | null>
  /** Does one batch in the transaction that is open. */
  batch(
    client: Client,
    input: { readonly cursor: string | null; readonly size: number },
  ): Promise<BatchResult>
  /**
   * How many rows can have been handled at most if each was handled once; undefined when nobody can say.
   * `handled` is how many were, `total` how many there were to do.
   */
  limit(client: Client, handled: number, total: number | null): Promise<number | undefined>
}
