import type { QueryResult, QueryResultRow } from 'pg'

/** The connection of a data migration, inside the transaction of a batch. */
export interface DataClient {
  query<R extends QueryResultRow>(text: string, values?: unknown[]): Promise<QueryResult<R>>
}

export interface BatchInput {
  readonly client: DataClient
  /** What the batch before returned; null at first. */
  readonly cursor: string | null
  /** About how many rows to take; it follows the time that batches take. */
  readonly size: number
}

export interface BatchOutput {
  /** Where the next batch begins; left out, it is where this one began. */
  readonly cursor?: string | null
  /** How many rows were handled. */
  readonly rows: number
  /** Nothing is left to do. */
  readonly done: boolean
}

/** What a `data.ts` exports as its default. */
export interface DataMigration {
  /** How many rows are left to do: for the estimated end, and to notice that none becomes less. */
  readonly count?: (client: DataClient) => Promise<number>
  /**
   * Handles some rows. It runs in a transaction that also keeps the cursor, so a batch is done once or not at
   * all: what it does outside the database may be done twice.
   */
  readonly batch: (input: BatchInput) => Promise<BatchOutput>
}

/**
 * Types a `data.ts`.
 *
 * @example
 * export default defineDataMigration({
 *   batch: async ({ client, cursor, size }) => {
 *     const { rows } = await client.query<{ id: string; name: string }>(
 *       'SELECT id, name FROM users WHERE id > $1 ORDER BY id LIMIT $2',
 *       [cursor ?? '00000000-0000-0000-0000-000000000000', size],
 *     )
 *     for (const { id, name } of rows)
 *       await client.query('UPDATE users SET slug = $2 WHERE id = $1', [id, slugOf(name)])
 *     return { cursor: rows.at(-1)?.id ?? null, rows: rows.length, done: rows.length < size }
 *   },
 * })
 */
export const defineDataMigration = (migration: DataMigration): DataMigration => migration
