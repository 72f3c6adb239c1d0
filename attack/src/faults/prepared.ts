import type { Side } from '../place/place.ts'
import type { Scene } from '../work/scene.ts'

/** Ends prepared transactions whose second phase never came, one way or the other, as a transaction manager does. */
export async function endPrepared({ place, random, tally }: Scene, side: Side, age: string): Promise<void> {
  const client = await place.connect(side)
  try {
    const { rows } = await client.query<{ gid: string }>(
      `SELECT gid FROM pg_prepared_xacts
        WHERE database = current_database() AND prepared <= clock_timestamp() - $1::interval`,
      [age],
    )
    for (const { gid } of rows) {
      const ending = random.chance(0.5) ? 'COMMIT' : 'ROLLBACK'
      await client.query(`${ending} PREPARED '${gid}'`)
      tally.add('prepared transactions that were left behind')
    }
  } finally {
    await client.end().catch(() => {})
  }
}
