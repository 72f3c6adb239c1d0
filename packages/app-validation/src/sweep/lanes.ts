import type { Sql } from './sql.ts'

/**
 * Works off pieces in several sessions at once; each takes the next one when it is through with its last.
 * @throws what a piece throws first, once all sessions are at rest
 */
export async function inLanes<Piece>(
  lanes: readonly Sql[],
  pieces: Iterator<Piece>,
  work: (lane: Sql, piece: Piece) => Promise<void>,
): Promise<void> {
  let failed = false
  const run = async (lane: Sql) => {
    for (let next = pieces.next(); !next.done && !failed; next = pieces.next()) {
      try {
        await work(lane, next.value)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  const settled = await Promise.allSettled(lanes.map(run))
  const first = settled.find((lane) => lane.status === 'rejected')
  if (first) throw first.reason
}
