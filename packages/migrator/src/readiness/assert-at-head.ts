import { errorCode, errorMessage } from '@manybase/failure'
import { escapeIdentifier } from 'pg'
import { databaseBehind, databaseDivergent, readinessUnknown } from './failures.ts'
import { type KnownRevision, readKnownHistory } from './known-history.ts'
import { type AppliedRow, compareHistories, type Readiness } from './readiness.ts'

/** Anything that can send one query: a `pg` client or pool, or a Prisma client. */
export type QueryClient =
  | { query(sql: string): Promise<{ readonly rows: readonly unknown[] }> }
  | { $queryRawUnsafe(sql: string): Promise<unknown> }

export interface ReadinessOptions {
  /** The folder of migrations, or what `readKnownHistory` made of it at build time. */
  readonly history: string | URL | readonly KnownRevision[]
  /** The PostgreSQL schema of the ledger, `?schema=` in the URL. Default: `public`. */
  readonly schema?: string
}

/** How the database stands to the history; one query. Never rejects for what the database says. */
export async function checkReadiness(
  client: QueryClient,
  { history, schema = 'public' }: ReadinessOptions,
): Promise<Readiness> {
  const known = typeof history === 'string' || history instanceof URL ? readKnownHistory(history) : history
  try {
    const rows = await ask(client, selectApplied(schema))
    return compareHistories(known, rows.map(readRow))
  } catch (error) {
    const reason = isNoLedger(error) ? `there is no ledger in the schema "${schema}"` : firstLine(error)
    return { kind: 'unknown', reason, cause: error }
  }
}

/**
 * Refuses to serve an out-of-date database: call it once at start-up. Resolves to `ready`, or to `ahead` when a
 * newer version was deployed, which migrates first.
 *
 * @example
 * await assertAtHead(specs, { history: new URL('../prisma/migrations', import.meta.url) })
 * @throws `readiness.behind`, `readiness.divergent`, `readiness.unknown`
 */
export async function assertAtHead(
  client: QueryClient,
  options: ReadinessOptions,
): Promise<Extract<Readiness, { kind: 'ready' | 'ahead' }>> {
  const readiness = await checkReadiness(client, options)
  switch (readiness.kind) {
    case 'ready':
    case 'ahead':
      return readiness
    case 'behind':
      throw databaseBehind({ pending: readiness.pending })
    case 'divergent':
      throw databaseDivergent({ revisions: readiness.revisions })
    case 'unknown':
      throw readinessUnknown({ reason: readiness.reason }, readiness.cause)
  }
}

const selectApplied = (schema: string): string =>
  `SELECT migration_name::text AS name, checksum::text AS checksum FROM ${escapeIdentifier(schema)}."_prisma_migrations"
    WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`

async function ask(client: QueryClient, sql: string): Promise<readonly unknown[]> {
  if ('query' in client) return (await client.query(sql)).rows
  const rows = await client.$queryRawUnsafe(sql)
  return Array.isArray(rows) ? rows : []
}

function readRow(row: unknown): AppliedRow {
  if (typeof row === 'object' && row !== null && 'name' in row && 'checksum' in row)
    return { name: String(row.name), checksum: String(row.checksum) }
  throw new TypeError('the ledger has a row without a name')
}

const noLedger = ['42P01', '3F000']

/** Prisma wraps the server's code in what it calls `meta`. */
function isNoLedger(error: unknown): boolean {
  if (noLedger.includes(errorCode(error) ?? '')) return true
  const meta = typeof error === 'object' && error !== null && 'meta' in error ? error.meta : undefined
  const text = JSON.stringify(meta) ?? ''
  return noLedger.some((code) => text.includes(`"${code}"`))
}

const firstLine = (error: unknown): string =>
  errorMessage(error).trim().split('\n').at(-1)?.replace(/\.$/, '') || (errorCode(error) ?? 'no answer')
