import { isFailure } from '@manybase/failure'
import type { Target } from '../../catalog/resolve.ts'
import { findHolder } from '../../execute/lock.ts'
import { explainServerError } from '../../server/explain.ts'
import type { Session } from '../../server/session.ts'
import type { Facts, Limits, ServerFacts } from '../facts.ts'
import { findDangers } from '../lint.ts'
import { createsSchema, extensionsCreated, type PendingStatement, tablesTouched } from '../scripts.ts'
import { functionsIn } from '../statements/functions.ts'
import { readFree } from './disk.ts'
import { readExtensions, readGeneral, readLists } from './server.ts'
import { readTables, readVolatile } from './tables.ts'

/** What is known of a database before its server is asked. */
export interface Known extends Pick<Facts, 'findings' | 'pending' | 'backup'> {
  readonly statements: readonly PendingStatement[]
}

/** Reads all that the checks of one database look at; changes nothing. @throws `server.*` */
export async function readFacts(
  target: Target,
  session: Session,
  { findings, pending, backup, statements }: Known,
  limits: Limits & { readonly drift: boolean },
): Promise<Facts> {
  try {
    const { server, dangers } = await readServer(target, session, statements, limits)
    return {
      database: target.name,
      pending,
      findings,
      createsSchema: createsSchema(statements),
      server,
      dangers,
      ...(backup && { backup }),
      ...(limits.drift && { drift: await readDrift(target) }),
      limits,
    }
  } catch (error) {
    throw explainServerError(error, target)
  }
}

async function readServer(
  { connection }: Target,
  { client }: Session,
  statements: readonly PendingStatement[],
  { longTransaction, bigTable }: Limits,
): Promise<{ server: ServerFacts; dangers: Facts['dangers'] }> {
  const { schema: ownSchema } = connection
  const general = await readGeneral(client, ownSchema)
  // An empty path makes every name say its schema.
  await client.query(`SET search_path = ''; SET default_transaction_read_only = on`)
  const tables = await readTables(client, tablesTouched(statements, ownSchema))
  const volatile = await readVolatile(client, [
    ...new Set(statements.flatMap(({ tree }) => functionsIn(tree))),
  ])
  const holder = await findHolder({ client })
  const { major, text, standby, readOnly, seesAll, databaseBytes, ...rest } = general
  const { transactions: age, multixacts, transactionLimit, multixactLimit, ...role } = rest
  return {
    server: {
      version: { major, text },
      otherMajors: [],
      standby,
      readOnly,
      role,
      tables,
      extensions: await readExtensions(client, extensionsCreated(statements)),
      seesAll,
      ...(await readLists(client, longTransaction)),
      migrator: holder ? `process ${holder.pid}, ${holder.application || 'no application name'}` : null,
      wraparound: { transactions: age, transactionLimit, multixacts, multixactLimit },
      disk: { databaseBytes, free: await readFree(client, connection) },
    },
    dangers: findDangers(statements, tables, volatile, { ownSchema, bigTable }),
  }
}

async function readDrift(target: Target): Promise<NonNullable<Facts['drift']>> {
  const { findDrift } = await import('../../drift/drift.ts')
  try {
    return (await findDrift(target)).differences
  } catch (error) {
    if (!isFailure(error)) throw error
    const { what, why, fix } = error
    return { what, why, fix }
  }
}
