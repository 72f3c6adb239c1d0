import { randomUUID } from 'node:crypto'
import type { Target } from '../catalog/resolve.ts'
import { type LockOptions, lockAll } from '../execute/lock.ts'
import { matchesChecksum } from '../history/checksum.ts'
import type { Revision } from '../history/revision.ts'
import type { LedgerRow } from '../ledger/ledger.ts'
import { createLedger, purgeLedger, stampRow, unstampRow } from '../ledger/sql.ts'
import { planBlocked } from '../plan/failures.ts'
import type { Finding } from '../plan/findings.ts'
import type { DatabaseState } from '../plan/state.ts'
import { explainServerError } from '../server/explain.ts'
import { readStates, withWorkspace } from '../workspace.ts'

/** What a stamp changes in one ledger. */
export interface Stamp {
  readonly database: string
  /** Rows that are added, in the order of the history. */
  readonly add: readonly Revision[]
  /** Rows that count as rolled back afterwards; with `purge` all rows go. */
  readonly remove: readonly LedgerRow[]
  readonly purge: boolean
}

/**
 * Says how a ledger comes to have exactly these revisions as applied. A row that is unfinished, or whose
 * script has changed since, is replaced by a new one.
 */
export function planStamp(state: DatabaseState, wanted: ReadonlySet<Revision>, purge: boolean): Stamp {
  const { database, history, ledger } = state
  const revisions = new Map([...wanted].map((revision) => [revision.name, revision]))
  const standing = [...ledger.applied, ...ledger.unfinished]
  const kept = purge ? [] : standing.filter((row) => stands(row, revisions.get(row.name)))
  const names = new Set(kept.map(({ name }) => name))
  return {
    database,
    add: history.revisions.filter((revision) => wanted.has(revision) && !names.has(revision.name)),
    remove: standing.filter((row) => !kept.includes(row)),
    purge,
  }
}

const stands = (row: LedgerRow, revision: Revision | undefined): boolean =>
  revision !== undefined &&
  row.finishedAt !== null &&
  matchesChecksum(row.checksum, revision.script, revision.checksum)

export interface StampOptions extends LockOptions {
  readonly purge: boolean
}

/**
 * Writes ledgers without running anything, each in one transaction and all under the migrators' lock.
 * @throws `plan.missing` for rows that no directory explains, `ledger.locked`, `server.*`, `database.missing`
 */
export async function stamp(
  targets: readonly Target[],
  wanted: (database: string) => ReadonlySet<string>,
  options: StampOptions,
): Promise<readonly Stamp[]> {
  return await withWorkspace(targets, { create: false }, async (workspace) => {
    await lockAll(workspace.sessions, options)
    const states = await readStates(workspace)
    if (!options.purge) assertExplained(states)
    const stamps = states.map((state) => {
      const names = wanted(state.database)
      const revisions = new Set(state.history.revisions.filter(({ name }) => names.has(name)))
      return planStamp(state, revisions, options.purge)
    })
    for (const session of workspace.sessions) {
      for (const target of session.targets) {
        const each = stamps.find(({ database }) => database === target.name)
        if (!each || (each.add.length === 0 && each.remove.length === 0)) continue
        await session.client.query(stampSql(target.connection.schema, each)).catch((error) => {
          throw explainServerError(error, target)
        })
      }
    }
    return stamps
  })
}

function assertExplained(states: readonly DatabaseState[]): void {
  const missing = states.flatMap(({ findings }) =>
    findings.filter((each: Finding) => each.kind === 'missing'),
  )
  const [finding, ...others] = missing
  if (finding) throw planBlocked([finding, ...others])
}

/** One simple query, which PostgreSQL takes as one transaction. */
export const stampSql = (
  schema: string,
  {
    add,
    remove,
    purge,
  }: Pick<Stamp, 'remove' | 'purge'> & {
    readonly add: readonly Pick<Revision, 'name' | 'checksum'>[]
  },
): string =>
  [
    createLedger(schema),
    ...(purge ? [purgeLedger(schema)] : remove.map(({ id }) => unstampRow(schema, id))),
    ...add.map(({ name, checksum }) => stampRow(schema, { id: randomUUID(), name, checksum })),
  ].join(';\n')
