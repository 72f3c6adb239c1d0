import type { Sql } from './sql.ts'

/**
 * Works off pieces in several sessions at once; each takes the next one when it is through with its last.
 * @param next undefined when there is none
 * @throws what a piece throws first, once all sessions are at rest
 */
export async function inLanes<Piece>(
  lanes: readonly Sql[],
  next: () => Piece | undefined,
  work: (lane: Sql, piece: Piece) => Promise<void>,
): Promise<void> {
  let failed = false
  const run = async (lane: Sql) => {
    for (let piece = next(); piece !== undefined && !failed; piece = next()) {
      try {
        await work(lane, piece)
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
