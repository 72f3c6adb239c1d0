import { escapeIdentifier, escapeLiteral } from 'pg'
import type { DatabaseUrl } from '../catalog/url.ts'
import { createLedger, ledgerTable, lockKey } from '../ledger/sql.ts'
import type { StepScript } from './step.ts'

/** Where psql finds a database, and what its ledger holds before the script. */
export interface Place {
  readonly database: string
  readonly schema: string
  /** What `\connect` takes: a name or a connection string without a password. */
  readonly connect: string
  /** Names of the applied revisions. */
  readonly applied: readonly string[]
  /** What a companion does on the first arrival, and on each. */
  readonly companion: { readonly first: string; readonly each: string } | undefined
}

/**
 * Writes steps as one script for psql. Each stretch of steps in one database connects, takes the migrators'
 * lock, makes the ledger where there is none, and looks whether it is where the script begins.
 */
export function writePsqlScript(steps: readonly StepScript[], places: readonly Place[]): string {
  const byName = new Map(places.map((place) => [place.database, place]))
  const applied = new Map(places.map((place) => [place.database, new Set(place.applied)]))
  const parts = ['\\set ON_ERROR_STOP on']
  let connected: string | undefined
  const visited = new Set<string>()
  for (const { job, sql } of steps) {
    const { kind, database, revision } = job.step
    const place = byName.get(database)
    const names = applied.get(database)
    if (!place || !names) throw new Error(`nothing says where ${database} is`)
    if (database !== connected) parts.push(arrive(place, [...names], !visited.has(database)))
    connected = database
    visited.add(database)
    parts.push(`\\echo '${kind} ${database} ${revision.name.replaceAll("'", "''")}'\n${sql}`)
    if (kind === 'upgrade') names.add(revision.name)
    else names.delete(revision.name)
  }
  return `${parts.join('\n\n')}\n`
}

const arrive = (place: Place, applied: readonly string[], isFirst: boolean): string =>
  [
    `-- ${place.database}`,
    `\\connect ${place.connect}`,
    `${doBlock(lockOrRaise)};`,
    `${createLedger(place.schema).trim()};`,
    `${doBlock(guard(place, applied))};`,
    ...(place.companion ? [...(isFirst ? [place.companion.first] : []), place.companion.each] : []),
  ].join('\n')

const doBlock = (body: string): string => `DO ${escapeLiteral(`BEGIN\n${body}\nEND`)}`

/** It doesn't wait: a session that waits inside the server would hold up what the other one builds concurrently. */
const lockOrRaise = `  IF NOT pg_try_advisory_lock(${lockKey}) THEN
    RAISE EXCEPTION 'another migration holds the lock on this database';
  END IF;`

const guard = ({ database, schema }: Place, applied: readonly string[]): string => {
  const expected = `ARRAY[${applied.toSorted().map(escapeLiteral).join(', ')}]::text[]`
  return `  IF EXISTS (SELECT FROM ${ledgerTable(schema)} WHERE finished_at IS NULL AND rolled_back_at IS NULL)
     OR ${expected} IS DISTINCT FROM ARRAY(
       SELECT migration_name::text FROM ${ledgerTable(schema)}
        WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name COLLATE "C") THEN
    RAISE EXCEPTION USING MESSAGE = ${escapeLiteral(`${database} is not where this script begins`)},
      HINT = ${escapeLiteral('pnpm db status shows where it stands; write the script from there on.')};
  END IF;`
}

/** `\\connect`'s argument for a database on the server that psql is connected to. */
export const connectToName = (database: string): string => escapeIdentifier(database)

/** The same for one at another server, whose password psql asks for or finds itself. */
export const connectTo = ({ host, port, user, database }: DatabaseUrl, elsewhere: boolean): string =>
  elsewhere
    ? `-reuse-previous=on "host=${quoteValue(host)} port=${port} user=${quoteValue(user)} dbname=${quoteValue(database)}"`
    : connectToName(database)

/** As libpq reads values of a connection string. */
const quoteValue = (value: string): string =>
  /^[\w.-]+$/.test(value) ? value : `'${value.replaceAll(/['\\]/g, '\\$&')}'`
