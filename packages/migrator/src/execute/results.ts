import type { QueryResult } from 'pg'

const writing = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE', 'COPY'])

/** How many rows a query has written, all its statements together. */
export function rowsWritten(results: QueryResult | readonly QueryResult[]): number {
  const list = 'command' in results ? [results] : results
  return list.reduce((sum, { command, rowCount }) => sum + (writing.has(command) ? (rowCount ?? 0) : 0), 0)
}
