import type pg from 'pg'

/** How a connection says which session of a scenario it belongs to. */
export const sessionName = (session: string): string => `session ${session}`

export const isSession = (applicationName: string | null): boolean =>
  applicationName?.startsWith(sessionName('')) ?? false

/** @param place of the session in its scenario: of two that wait for each other, the first gives way */
export async function prepared(connection: pg.Client, session: string, place: number): Promise<pg.Client> {
  await connection.query(
    "SELECT set_config('application_name', $1, false), set_config('deadlock_timeout', $2, false)",
    [sessionName(session), place === 0 ? '250ms' : '30s'],
  )
  return connection
}

/** The sessions of which a connection to one of these databases waits for a lock that another one holds. */
export async function waitingFor(
  monitor: pg.Client,
  databases: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await monitor.query<{ session: string }>(
    `SELECT DISTINCT substr(application_name, 9) AS session FROM pg_stat_activity
      WHERE datname = ANY ($1) AND application_name LIKE 'session %'
        AND wait_event_type = 'Lock' AND cardinality(pg_blocking_pids(pid)) > 0`,
    [databases],
  )
  return new Set(rows.map(({ session }) => session))
}

export const databaseOf = (url: string): string => decodeURIComponent(new URL(url).pathname.slice(1))
