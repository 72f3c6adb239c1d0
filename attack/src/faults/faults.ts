import { setTimeout as sleep } from 'node:timers/promises'
import type { Side } from '../place/place.ts'
import type { Scene } from '../work/scene.ts'
import type { Sweepers } from './sweepers.ts'

/** Breaks something, and repairs what doesn't repair itself. */
export async function breakSomething(
  { place, random, tally, crew }: Scene,
  sweepers: Sweepers | undefined,
): Promise<void> {
  const side: Side = random.pick(['auth', 'specs'])
  const fault = random.pick([
    'worker',
    'sweeper',
    'server',
    'backend',
    'terminate',
    'terminate',
    'cut',
    'cut',
  ])
  const isOfOneSide = fault !== 'worker' && fault !== 'sweeper'
  tally.add(`fault ${fault}${isOfOneSide ? ` of ${side}` : ''}`)
  switch (fault) {
    case 'worker':
      return crew.kill(random.below(100))
    case 'sweeper':
      return sweepers?.kill(random.below(100))
    case 'server':
      await place.servers[side].kill()
      await sleep(random.below(500))
      return await place.servers[side].start()
    case 'backend':
      // PostgreSQL takes all others down too, and recovers.
      return await onBackends(place, side, 1, (pid) => process.kill(pid, 'SIGKILL'))
    case 'terminate':
      return await onBackends(place, side, 1 + random.below(8), (pid) => process.kill(pid, 'SIGTERM'))
    case 'cut':
      return place.wires[side].cut()
  }
}

async function onBackends(place: Scene['place'], side: Side, limit: number, work: (pid: number) => void) {
  const client = await place.connect(side)
  try {
    const { rows } = await client.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity
        WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
        ORDER BY random() LIMIT $1`,
      [limit],
    )
    for (const { pid } of rows) work(pid)
  } finally {
    await client.end().catch(() => {})
  }
}
