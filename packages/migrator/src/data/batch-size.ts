/** How many rows the first batch takes, before anything is known of the time that it needs. */
export const firstBatchSize = 1000
/** Milliseconds that a batch may take: as long as a lock on its rows, or a standby, may keep others waiting. */
export const defaultBatchTime = 500
/** Rows; as many as one statement may reasonably hold locks on. */
export const largestBatch = 100_000

/**
 * The size of the next batch. It follows the time that the last one took, by half or double at most: the cost of
 * a row changes on the way through a table. A batch that wasn't full says nothing of what a larger one would take.
 */
export function nextBatchSize(
  size: number,
  { rows, milliseconds }: { readonly rows: number; readonly milliseconds: number },
  batchTime: number,
): number {
  const factor = Math.min(2, Math.max(0.5, batchTime / Math.max(milliseconds, 1)))
  if (factor > 1 && rows < size) return size
  return Math.min(largestBatch, Math.max(1, Math.round(size * factor)))
}
