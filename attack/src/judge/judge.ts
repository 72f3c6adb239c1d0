import type { Client } from 'pg'
import type { Target } from '../place/tables.ts'
import type { Scene } from '../work/scene.ts'
import { findLost } from './lost.ts'
import { findOrphans } from './orphans.ts'
import { findRecreated } from './recreated.ts'
import { findFalseRefusals } from './refusals.ts'
import { findUnswept } from './unswept.ts'
import { findUnwritable } from './unwritable.ts'
import type { Living, Verdict } from './verdict.ts'

/** Compares what is there with what has to be, by queries of its own. */
export async function judge(scene: Scene): Promise<Verdict> {
  const { place } = scene
  const [a, b] = [await place.connect('auth'), await place.connect('specs')]
  try {
    const living = await readLiving(a)
    const verdicts = [
      await findOrphans(scene, b, living),
      await findLost(scene, b, living),
      findFalseRefusals(scene, living),
      ...(place.guarded
        ? [findRecreated(scene, living), await findUnswept(scene, a, b), await findUnwritable(scene, living)]
        : []),
    ]
    return {
      checked: Object.assign({}, ...verdicts.map(({ checked }) => checked)),
      violations: verdicts.flatMap(({ violations }) => violations),
    }
  } finally {
    await Promise.all([a.end(), b.end()])
  }
}

async function readLiving(a: Client): Promise<Living> {
  const read = async (target: Target) => {
    const { rows } = await a.query<{ id: string }>(`SELECT id::text AS id FROM ${target}`)
    return new Set(rows.map(({ id }) => id))
  }
  return { users: await read('users'), members: await read('members') }
}
