import { lockIntake, unlockIntake } from '../sweep/intake.ts'
import type { Link } from '../sweep/link.ts'
import type { Sql } from '../sweep/sql.ts'
import { reviveTooEarly } from './failures.ts'

/**
 * Lets a deleted id be used again: first in every referencing database, where the tombstone goes, then in the
 * source, where the ban on inserting it goes. Until that last step nobody can bring the row back, so no sweep can
 * ever act on the rows of a living one. The intake is kept out meanwhile, or it would bring the tombstone back.
 *
 * @returns whether the id was banned at all
 * @throws `revive.too-early`
 */
export async function revive(
  a: Sql,
  parties: readonly { readonly link: Link; readonly b: Sql }[],
  target: string,
  id: string,
): Promise<boolean> {
  const locked: (typeof parties)[number][] = []
  try {
    for (const party of parties) {
      await lockIntake(party.b, party.link.source)
      locked.push(party)
    }
    const deleted = await readLog(a, target, id)
    if (deleted === undefined) return false
    for (const { link, b } of parties) await mustBeSwept(b, link, target, id, deleted)
    for (const { link, b } of parties) await liftTombstone(b, link, target, id)
    const { rows } = await a.query<{ banned: boolean }>('SELECT integrity.revive($1, $2) AS banned', [
      target,
      id,
    ])
    return rows[0]?.banned === true
  } finally {
    for (const { link, b } of locked) await unlockIntake(b, link.source)
  }
}

interface Deleted {
  readonly epoch: string
  readonly xid: string
}

async function readLog(a: Sql, target: string, id: string): Promise<Deleted | undefined> {
  const { rows } = await a.query<{ epoch: string; xid: string }>(
    'SELECT epoch, xid::text AS xid FROM integrity.delete_log WHERE target = $1 AND id = $2',
    [target, id],
  )
  return rows[0]
}

/** By the receipt of this very deletion: that there is no tombstone may as well mean that none has come yet. */
async function mustBeSwept(b: Sql, link: Link, target: string, id: string, { epoch, xid }: Deleted) {
  const { rows } = await b.query(
    `SELECT FROM integrity.receipt WHERE source = $1 AND target = $2 AND id = $3 AND epoch = $4 AND xid = $5::text::xid8`,
    [link.source, target, id, epoch, xid],
  )
  if (rows.length === 0) throw reviveTooEarly({ target, id, database: link.referencing })
}

async function liftTombstone(b: Sql, link: Link, target: string, id: string): Promise<void> {
  await b.query('SELECT integrity.revive($1, $2, $3)', [link.source, target, id])
}
