import { setTimeout as sleep } from 'node:timers/promises'
import { refuseSharedSession } from '@manybase/pooler'
import { lockKey } from '../ledger/sql.ts'
import { sameDatabase } from '../server/failures.ts'
import { connect, type Session } from '../server/session.ts'
import { ledgerBusy } from './failures.ts'

export interface LockOptions {
  readonly waitSeconds: number
  /** Called once for each holder that is waited for longer than a moment. */
  readonly onWait?: (session: Session, holder: string) => void
  /** Keeps migrators out, and nobody else who only reads. */
  readonly shared?: boolean
}

/**
 * Takes Prisma's advisory lock once on every physical database, in an order that all migrators share. It polls: a session that waits inside
 * `pg_advisory_lock` keeps a snapshot open, and a `CREATE INDEX CONCURRENTLY` of the holder would wait for
 * that snapshot for ever.
 * @throws `ledger.locked`, `catalog.same-database`, `server.pooled`
 */
export async function lockAll(sessions: readonly Session[], options: LockOptions): Promise<void> {
  const byDatabase = new Map(sessions.map((session) => [physicalDatabase(session), session]))
  const ordered = [...byDatabase].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, session]) => session)
  // Before the first lock: one that is left behind in a shared session would be let go by nobody.
  await Promise.all(ordered.map(refuseShared))
  for (const session of ordered) await lock(session, ordered, options)
}

const refuseShared = async (session: Session): Promise<void> =>
  await refuseSharedSession(session.client, {
    database: namesOf(session),
    connect: () => connect(session.targets[0]?.connection.connectionString ?? ''),
  })

const physicalDatabase = ({ targets }: Session): string =>
  targets.map(({ connection: { host, port, database } }) => `${host}:${port}/${database}`)[0] ?? ''

async function lock(session: Session, all: readonly Session[], options: LockOptions): Promise<void> {
  let told: string | undefined
  const deadline = performance.now() + options.waitSeconds * 1000
  for (let pause = 20; !(await tryLock(session, options)); pause = Math.min(pause * 1.5, 500)) {
    const holder = await findHolder(session)
    if (holder && (await isOwn(holder.pid, all))) {
      throw sameDatabase({ databases: all.flatMap(({ targets }) => targets.map(({ name }) => name)) })
    }
    const described = holder
      ? `process ${holder.pid}, ${holder.application || 'no application name'}`
      : 'unknown'
    if (performance.now() > deadline) {
      throw ledgerBusy({ database: namesOf(session), holder: described, seconds: options.waitSeconds })
    }
    if (pause > 100 && described !== told) {
      options.onWait?.(session, described)
      told = described
    }
    await sleep(pause * (0.5 + Math.random()))
  }
}

const namesOf = (session: Session) => session.targets.map(({ name }) => name).join(', ')

async function isOwn(pid: number, sessions: readonly Session[]): Promise<boolean> {
  const pids = await Promise.all(
    sessions.map(({ client }) => client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')),
  )
  return pids.some(({ rows }) => rows[0]?.pid === pid)
}

async function tryLock({ client }: Session, { shared = false }: LockOptions): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>(
    `SELECT pg_try_advisory_lock${shared ? '_shared' : ''}(${lockKey}) AS locked`,
  )
  return rows[0]?.locked ?? false
}

/** Who holds the migrators' lock on a database. */
export async function findHolder({
  client,
}: Pick<Session, 'client'>): Promise<{ pid: number; application: string | null } | undefined> {
  const { rows } = await client.query<{ pid: number; application: string | null }>(
    `SELECT l.pid, a.application_name AS application
       FROM pg_locks l LEFT JOIN pg_stat_activity a USING (pid)
      WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objid = ${lockKey}
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  )
  return rows[0]
}
