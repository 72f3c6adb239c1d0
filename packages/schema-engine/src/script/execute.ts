import { errorCode } from '@manybase/failure'
import { readHeader } from './header.ts'
import type { Statement } from './split.ts'

/** What a script needs of a connection: `pg.Client` and anything shaped like it. */
export interface ScriptConnection {
  query(text: string): Promise<unknown>
}

/** What PostgreSQL answers when a statement such as `CREATE INDEX CONCURRENTLY` meets a transaction. */
const activeSqlTransaction = '25001'

/** Whether the server refused a script only because of the transaction around it; nothing of it was done. */
export function demandsNoTransaction(error: unknown): boolean {
  return errorCode(error) === activeSqlTransaction
}

/**
 * Runs a script on one connection that is not in a transaction. It goes whole, as one simple query, which
 * PostgreSQL takes as one transaction: a script that fails leaves nothing behind. Where the script says
 * `transaction: none`, or PostgreSQL refuses it inside a transaction, it goes statement by statement.
 *
 * Rejects with the driver's error; its `position` counts characters from the start of the script.
 */
export async function executeScript(connection: ScriptConnection, script: string): Promise<void> {
  if (readHeader(script).transaction === 'none') return await executeStatements(connection, script)
  try {
    await connection.query(script)
  } catch (error) {
    if (!demandsNoTransaction(error)) throw error
    await executeStatements(connection, script)
  }
}

/** Runs a script statement by statement, each in its own transaction. */
async function executeStatements(connection: ScriptConnection, script: string): Promise<void> {
  // Loaded only here: the grammar is a megabyte of WebAssembly that ordinary scripts don't need.
  const { splitStatements } = await import('./split.ts')
  for (const statement of await splitStatements(script)) await executeStatement(connection, statement)
}

async function executeStatement(connection: ScriptConnection, statement: Statement): Promise<void> {
  try {
    await connection.query(statement.text)
  } catch (error) {
    throw relativeToScript(error, statement.offset)
  }
}

/** Counts the position of a statement's error from the start of its script. */
export function relativeToScript(error: unknown, offset: number): unknown {
  if (
    typeof error === 'object' &&
    error !== null &&
    'position' in error &&
    typeof error.position === 'string'
  ) {
    error.position = String(offset + Number(error.position))
  }
  return error
}
