import { errorCode } from '@manybase/failure'
import type { Target } from './catalog/resolve.ts'
import { readHistory } from './history/read.ts'
import type { History } from './history/revision.ts'
import { makeLedger } from './ledger/ledger.ts'
import { readLedger } from './ledger/read.ts'
import { type DatabaseState, makeState } from './plan/state.ts'
import { explainServerError } from './server/explain.ts'
import { databaseMissing } from './server/failures.ts'
import { openSessions, type Session, type SessionOptions } from './server/session.ts'

/** The open sessions and the histories on disk of the databases that a command works on. */
export interface Workspace {
  readonly sessions: readonly Session[]
  readonly histories: readonly History[]
}

/** Opens a workspace around `work`. The histories are read while the connections are being opened. */
export async function withWorkspace<T>(
  targets: readonly Target[],
  options: SessionOptions,
  work: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  const unreadable = new AbortController()
  const opening = openSessions(targets, { ...options, signal: unreadable.signal })
  // Should a history be unreadable, the rejection below is the one that counts.
  opening.catch(() => {})
  try {
    const histories = readHistories(targets, unreadable)
    return await work({ sessions: await opening, histories })
  } finally {
    const sessions = await opening.catch(() => [])
    await Promise.all(sessions.map((session) => session.close()))
  }
}

/** A history that can't be read keeps the missing databases from being created. */
function readHistories(targets: readonly Target[], unreadable: AbortController): readonly History[] {
  try {
    return targets.map(readHistory)
  } catch (error) {
    unreadable.abort(error)
    throw error
  }
}

/** Where the databases of a workspace stand, in the order of their histories. */
export async function readStates({ sessions, histories }: Workspace): Promise<readonly DatabaseState[]> {
  const found = new Map<string, DatabaseState>()
  const readSession = async (session: Session) => {
    for (const target of session.targets) {
      const history = histories.find(({ database }) => database === target.name)
      if (history) found.set(target.name, makeState(history, await readTargetLedger(session, target)))
    }
  }
  await Promise.all(sessions.map(readSession))
  return histories.map(({ database }) => found.get(database)).filter((state) => state !== undefined)
}

const readTargetLedger = (session: Session, target: Target) =>
  readLedger(session, target.name, target.connection.schema).catch((error) => {
    throw explainServerError(error, target)
  })

/** Where the targets stand; changes nothing, and a database that doesn't exist is at base. */
export async function inspectStates(targets: readonly Target[]): Promise<readonly DatabaseState[]> {
  return (await Promise.all(targets.map(inspectState))).flat()
}

async function inspectState(target: Target): Promise<readonly DatabaseState[]> {
  try {
    return await withWorkspace([target], { create: false }, readStates)
  } catch (error) {
    if (errorCode(error) !== databaseMissing.code) throw error
    return [makeState(readHistory(target), makeLedger(target.name, []))]
  }
}

/** Databases outside the given ones that their pending revisions depend on. */
export function databasesNeeded(states: readonly DatabaseState[]): ReadonlySet<string> {
  const known = new Set(states.map(({ database }) => database))
  const refs = states.flatMap(({ pending }) => pending.flatMap(({ dependsOn }) => dependsOn))
  return new Set(refs.map(({ database }) => database).filter((database) => !known.has(database)))
}
