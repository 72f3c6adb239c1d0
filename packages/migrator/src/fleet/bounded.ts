/** How many databases are worked on at once unless something else is said; each takes a connection. */
export const defaultJobs = 8

/**
 * Works on items side by side, at most `jobs` at once, and returns the results in the order of the items. They
 * are begun in that order. When one rejects, no other is begun, and those under way are waited for.
 */
export async function mapBounded<T, R>(
  items: readonly T[],
  jobs: number,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = []
  const queue = items.entries()
  let failed = false
  const lane = async () => {
    for (const [index, item] of queue) {
      if (failed) return
      try {
        results[index] = await work(item)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(jobs, items.length) }, lane))
  const rejected = lanes.find((result) => result.status === 'rejected')
  if (rejected) throw rejected.reason
  return results
}
