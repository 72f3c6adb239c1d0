import { errorCode } from '@manybase/failure'
import type { Session } from '../server/session.ts'
import { type Ledger, type LedgerRow, makeLedger } from './ledger.ts'
import { selectLedger } from './sql.ts'

const undefinedTable = '42P01'
const invalidSchemaName = '3F000'

/** Reads the ledger of one history; a database that has none yet reads as empty, and stays untouched. */
export async function readLedger(session: Session, database: string, schema: string): Promise<Ledger> {
  return makeLedger(database, await readRows(session, schema))
}

/** All rows of a ledger as they are, rolled back ones included. */
export async function readRows(session: Session, schema: string): Promise<readonly LedgerRow[]> {
  try {
    const { rows } = await session.client.query<LedgerRow>(selectLedger(schema))
    return rows
  } catch (error) {
    if (isNoLedger(errorCode(error))) return []
    throw error
  }
}

const isNoLedger = (code: string | undefined): boolean =>
  code === undefinedTable || code === invalidSchemaName
