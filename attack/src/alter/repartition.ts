import { setTimeout as sleep } from 'node:timers/promises'
import type { Scene } from '../work/scene.ts'

/**
 * Detaches a partition and attaches it again, or its rows in a new one, in one transaction: nobody writes a row meanwhile that
 * the fence doesn't see.
 */
export async function repartition({ place, random }: Scene): Promise<void> {
  const [name, kind] = random.pick([
    ['parts_even', 0],
    ['parts_odd', 1],
  ])
  const client = await place.connect('specs')
  try {
    await client.query("SET lock_timeout = '3s'")
    await client.query('BEGIN')
    await client.query(`ALTER TABLE parts DETACH PARTITION ${name}`)
    if (random.chance(0.5)) {
      await client.query(`CREATE TABLE ${name}_anew (LIKE ${name} INCLUDING ALL);
        INSERT INTO ${name}_anew SELECT * FROM ${name};
        DROP TABLE ${name};
        ALTER TABLE ${name}_anew RENAME TO ${name}`)
    }
    await sleep(random.below(200))
    await client.query(`ALTER TABLE parts ATTACH PARTITION ${name} FOR VALUES IN (${kind})`)
    await client.query(random.chance(0.9) ? 'COMMIT' : 'ROLLBACK')
  } finally {
    await client.end().catch(() => {})
  }
}
