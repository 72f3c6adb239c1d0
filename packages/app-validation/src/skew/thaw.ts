import { type Control, readControl, resume } from '../control/control.ts'
import { keySpaces } from '../scan/read-keys.ts'
import { lockIntake, type Sessions, unlockIntake } from '../sweep/intake.ts'
import type { Link } from '../sweep/link.ts'
import { inTransaction } from '../sweep/sql.ts'
import { resumeLiving } from './failures.ts'
import { livingAmong } from './living.ts'

/** What an end of the stop came to. */
export interface Thawed {
  /** What had stopped it, or undefined when nothing had. */
  readonly was: Control | undefined
  /** Ids that live again, and whose deletion is forgotten. */
  readonly lifted: number
}

const idsAtOnce = 10_000
const examplesShown = 5

/**
 * Lets the sweeping go on. After a restore the whole log is taken over once more, and ids that have a tombstone
 * and live must be accepted by the person who resumes: their tombstones are lifted.
 * @throws `resume.living` when there are such ids and they weren't accepted
 */
export async function thaw(sessions: Sessions, link: Link, accept = false): Promise<Thawed> {
  const { b } = sessions
  const control = await readControl(b, link.source)
  if (control?.state !== 'frozen') return { was: await resume(b, link.source), lifted: 0 }
  await lockIntake(b, link.source)
  try {
    const living = await findLiving(sessions, link)
    const ids = living.reduce((sum, { ids }) => sum + ids.length, 0)
    if (ids > 0 && !accept) {
      const examples = living.flatMap((each) => each.ids).slice(0, examplesShown)
      throw resumeLiving({ source: link.source, database: link.referencing, ids, examples })
    }
    return await inTransaction(b, async () => {
      for (const { target, ids } of living) {
        for (const table of ['swept', 'tombstone']) {
          await b.query(
            `DELETE FROM integrity.${table} WHERE source = $1 AND target = $2 AND id = ANY ($3)`,
            [link.source, target, ids],
          )
        }
      }
      await b.query('DELETE FROM integrity.cursor WHERE source = $1', [link.source])
      return { was: await resume(b, link.source), lifted: ids }
    })
  } finally {
    await unlockIntake(b, link.source)
  }
}

interface Living {
  readonly target: string
  readonly ids: string[]
}

async function findLiving({ a, b }: Sessions, link: Link): Promise<readonly Living[]> {
  const found: Living[] = []
  for (const space of keySpaces(link.columns)) {
    const { target } = space
    const living: string[] = []
    for (let above = ''; ; ) {
      const { rows } = await b.query<{ id: string }>(
        `SELECT id FROM integrity.tombstone WHERE source = $1 AND target = $2 AND id > $3 ORDER BY id LIMIT ${idsAtOnce}`,
        [link.source, target, above],
      )
      living.push(
        ...(await livingAmong(
          a,
          space,
          rows.map(({ id }) => id),
        )),
      )
      const last = rows.at(-1)
      if (!last || rows.length < idsAtOnce) break
      above = last.id
    }
    if (living.length > 0) found.push({ target, ids: living })
  }
  return found
}
