import { errorCode } from '@manybase/failure'
import type { Target } from '../catalog/resolve.ts'
import { type LockOptions, lockAll } from '../execute/lock.ts'
import { checksum } from '../history/checksum.ts'
import { readLedger } from '../ledger/read.ts'
import { planBlocked } from '../plan/failures.ts'
import type { DatabaseState } from '../plan/state.ts'
import { explainServerError } from '../server/explain.ts'
import { serverRefused } from '../server/failures.ts'
import { openSessions, type Session } from '../server/session.ts'
import { readStates, withWorkspace } from '../workspace.ts'
import { exchange, findInterrupted, type LedgerChange, mendExchange } from './exchange.ts'
import { squashHalfApplied } from './failures.ts'
import type { Squash } from './squash.ts'
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
    const [session] = workspace.sessions
    if (!session) throw new Error('a workspace has a session for its target')
    return await exchange(squash, changeOf(session, squash, applied ? state : undefined))
  })
}

/**
 * Completes or takes back what a killed squash has left beside these histories, as the ledger says. Returns
 * the names of the revisions concerned.
 * @throws `ledger.locked`, `server.*`, `database.missing`
 */
export async function mendSquashes(
  targets: readonly Target[],
  options: LockOptions,
): Promise<readonly { readonly revision: string; readonly completed: boolean }[]> {
  const concerned = targets.filter(({ migrations }) => findInterrupted(migrations).length > 0)
  if (concerned.length === 0) return []
  const sessions = await openSessions(concerned, { create: false })
  try {
    // A squash that is under way holds the lock.
    await lockAll(sessions, options)
    return (await Promise.all(sessions.map(mendIn))).flat()
  } finally {
    await Promise.all(sessions.map((session) => session.close()))
  }
}

async function mendIn(session: Session) {
  const mended: { revision: string; completed: boolean }[] = []
  for (const { name, migrations, connection } of session.targets) {
    const { applied } = await readLedger(session, name, connection.schema)
    for (const interrupted of findInterrupted(migrations)) {
      const completed = applied.some(
        (row) => row.name === interrupted.revision && row.checksum === interrupted.checksum,
      )
      mendExchange(migrations, interrupted, completed)
      mended.push({ revision: interrupted.revision, completed })
    }
  }
  return mended
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

/** Without a state the range is applied nowhere, and the ledger stays as it is. */
function changeOf(
  { client }: Session,
  { target, replaced, revision }: Squash,
  state: DatabaseState | undefined,
): LedgerChange {
  const names = new Set(replaced.map(({ name }) => name))
  const add = [{ name: revision.name, checksum: checksum(revision.up) }]
  const send = async (sql: string) => {
    await client.query(sql).catch((error) => {
      throw explainServerError(error, target)
    })
  }
  return {
    begin: async () => {
      if (!state) return
      const remove = state.ledger.applied.filter(({ name }) => names.has(name))
      await send('BEGIN')
      await send(stampSql(target.connection.schema, { add, remove, purge: false }))
    },
    commit: async () => {
      if (state) await send('COMMIT')
    },
    isUndecided: (error) => errorCode(error) === serverRefused.code,
  }
}
