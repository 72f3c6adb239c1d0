import { type LockOptions, lockAll } from '../execute/lock.ts'
import { checksum } from '../history/checksum.ts'
import { planBlocked } from '../plan/failures.ts'
import type { DatabaseState } from '../plan/state.ts'
import { explainServerError } from '../server/explain.ts'
import type { Session } from '../server/session.ts'
import { readStates, withWorkspace } from '../workspace.ts'
import { squashHalfApplied } from './failures.ts'
import { exchange, type Squash } from './squash.ts'
import { stampSql } from './stamp.ts'

/**
 * Exchanges the revisions on disk, and in the ledger where they are applied, under the migrators' lock.
 * Returns the new directory.
 * @throws `squash.half-applied`, `plan.*`, `ledger.locked`, `server.*`
 */
export async function applySquash(squash: Squash, options: LockOptions): Promise<string> {
  return await withWorkspace([squash.target], { create: false }, async (workspace) => {
    await lockAll(workspace.sessions, options)
    const [state] = await readStates(workspace)
    const applied = state !== undefined && isApplied(state, squash)
    return await exchange(squash, async () => {
      for (const session of workspace.sessions) if (applied) await mend(session, state, squash)
    })
  })
}

/** Whether all of the range is applied, or none. @throws `squash.half-applied`, `plan.*` */
export function isApplied(state: DatabaseState, { replaced }: Pick<Squash, 'replaced'>): boolean {
  const [finding, ...others] = state.findings
  if (finding) throw planBlocked([finding, ...others])
  const names = new Set(state.applied.map(({ name }) => name))
  const applied = replaced.filter(({ name }) => names.has(name)).map(({ name }) => name)
  const pending = replaced.filter(({ name }) => !names.has(name)).map(({ name }) => name)
  if (applied.length > 0 && pending.length > 0) {
    throw squashHalfApplied({ database: state.database, applied, pending })
  }
  return applied.length > 0
}

async function mend({ client }: Session, { ledger }: DatabaseState, { target, replaced, revision }: Squash) {
  const names = new Set(replaced.map(({ name }) => name))
  const add = [{ name: revision.name, checksum: checksum(revision.up) }]
  const remove = ledger.applied.filter(({ name }) => names.has(name))
  await client.query(stampSql(target.connection.schema, { add, remove, purge: false })).catch((error) => {
    throw explainServerError(error, target)
  })
}
