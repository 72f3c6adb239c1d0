import { setImmediate } from 'node:timers/promises'
import { errorCode } from '@manybase/failure'
import type { Target } from './catalog/resolve.ts'
import { type Progress, readProgress } from './data/progress.ts'
import { defaultJobs, mapBounded } from './fleet/bounded.ts'
import { readHistory } from './history/read.ts'
import type { History } from './history/revision.ts'
import { makeLedger } from './ledger/ledger.ts'
import { readLedger } from './ledger/read.ts'
import { type DatabaseState, makeState } from './plan/state.ts'
import { explainServerError, isConnectionLost } from './server/explain.ts'
import { databaseMissing } from './server/failures.ts'
import { isEnded, openExisting, openSessions, type Session, type SessionOptions } from './server/session.ts'

/** The open sessions and the histories on disk of the databases that a command works on. */
export interface Workspace {
  readonly sessions: readonly Session[]
  readonly histories: readonly History[]
  /** Databases that don't exist and may be created; until then they are at base. */
  readonly missing: readonly Target[]
  /** The workspace with these created; others that are created meanwhile are as good. @throws `database.*` */
  createMissing(): Promise<Workspace>
}

/** Opens a workspace around `work`. The histories are read while the connections are being opened. */
export async function withWorkspace<T>(
  targets: readonly Target[],
  options: SessionOptions,
  work: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  const opening = options.create
    ? openExisting(targets)
    : openSessions(targets, options).then((sessions) => ({ sessions, missing: [] }))
  // Should a history be unreadable, the rejection below is the one that counts.
  opening.catch(() => {})
  const created: Session[] = []
  try {
    const histories = targets.map(readHistory)
    const { sessions, missing } = await opening
    const createMissing = async (): Promise<Workspace> => {
      created.push(...(await openSessions(missing, options)))
      return { ...workspace, sessions: [...sessions, ...created], missing: [] }
    }
    const workspace: Workspace = { sessions, histories, missing, createMissing }
    return await work(workspace)
  } catch (error) {
    const { sessions } = await opening.catch(() => ({ sessions: [] }))
    throw await explainLoss(error, [...sessions, ...created])
  } finally {
    const { sessions } = await opening.catch(() => ({ sessions: [] }))
    await Promise.all([...sessions, ...created].map((session) => session.close()))
  }
}

/** A connection that is gone is nobody's bug, wherever it is noticed; says to which database it was. */
async function explainLoss(error: unknown, sessions: readonly Session[]): Promise<unknown> {
  if (!isConnectionLost(error)) return error
  // The driver rejects the query under way before it says that the connection has ended.
  await setImmediate()
  const [target] = (sessions.find(isEnded) ?? sessions[0])?.targets ?? []
  return target ? explainServerError(error, target) : error
}

/** Where the databases of a workspace stand, in the order of their histories. */
export async function readStates({
  sessions,
  histories,
  missing,
}: Workspace): Promise<readonly DatabaseState[]> {
  const found = new Map<string, DatabaseState>()
  const readSession = async (session: Session) => {
    for (const target of session.targets) {
      const history = histories.find(({ database }) => database === target.name)
      if (history) found.set(target.name, makeState(history, await readTargetLedger(session, target)))
    }
  }
  await Promise.all(sessions.map(readSession))
  for (const { name } of missing) {
    const history = histories.find(({ database }) => database === name)
    if (history) found.set(name, atBase(history))
  }
  return histories.map(({ database }) => found.get(database)).filter((state) => state !== undefined)
}

const readTargetLedger = (session: Session, target: Target) =>
  readLedger(session, target.name, target.connection.schema).catch((error) => {
    throw explainServerError(error, target)
  })

/** How far a database's data migrations have come. */
export async function readProgressOf(
  { sessions }: Pick<Workspace, 'sessions'>,
  database: string,
): Promise<readonly Progress[]> {
  for (const { client, targets } of sessions) {
    const target = targets.find(({ name }) => name === database)
    if (!target) continue
    return await readProgress(client, target.connection.schema).catch((error) => {
      throw explainServerError(error, target)
    })
  }
  return []
}

/** Where the targets stand, some at a time; changes nothing, and a database that doesn't exist is at base. */
export async function inspectStates(
  targets: readonly Target[],
  jobs: number = defaultJobs,
): Promise<readonly DatabaseState[]> {
  return await mapBounded(targets, jobs, inspectState)
}

/** Where one target stands. */
export async function inspectState(target: Target): Promise<DatabaseState> {
  try {
    const [state] = await withWorkspace([target], { create: false }, readStates)
    if (!state) throw new Error('a workspace has a state for its target')
    return state
  } catch (error) {
    if (errorCode(error) !== databaseMissing.code) throw error
    return atBase(readHistory(target))
  }
}

const atBase = (history: History): DatabaseState => makeState(history, makeLedger(history.database, []))

/** Databases outside the given ones that their pending revisions depend on. */
export function databasesNeeded(states: readonly DatabaseState[]): ReadonlySet<string> {
  const known = new Set(states.map(({ database }) => database))
  const refs = states.flatMap(({ pending }) => pending.flatMap(({ dependsOn }) => dependsOn))
  return new Set(refs.map(({ database }) => database).filter((database) => !known.has(database)))
}
