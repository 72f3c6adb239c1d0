import { errorCode } from '@manybase/failure'
import { demandsNoTransaction, relativeToScript } from '@manybase/schema-engine/script'
import type { Statement } from '@manybase/schema-engine/split'
import type { Client } from 'pg'
import { rowsWritten } from './results.ts'
import { isLockError, type Retry, retryWhileLocked } from './retry.ts'

/** A statement that is through. */
export interface StatementReport {
  /** From 1. */
  readonly number: number
  readonly total: number
  readonly statement: Statement
  readonly milliseconds: number
  /** How many rows it has written. */
  readonly rows: number
}

export type OnStatement = (report: StatementReport) => void

/** Runs the statements of a script one after the other on whatever transaction is open. */
export async function runEach(
  client: Client,
  statements: readonly Statement[],
  onStatement?: OnStatement,
): Promise<number> {
  let rows = 0
  for (const [index, statement] of statements.entries()) {
    rows += await timed(statement, index, statements.length, onStatement, () => send(client, statement))
  }
  return rows
}

export interface Resumable {
  /** How many statements are through already. */
  readonly from: number
  /** Whether the statement at that position may have been executed by a run that was killed. */
  readonly uncertain: boolean
  /** The SQL that keeps the position. */
  advance(statements: number): string
  /** Hears of a position that is committed. */
  onPosition(statements: number): void
  /** Looks at the database before a statement that knows no transaction; false when it is through. */
  isToRun(statement: Statement, uncertain: boolean): Promise<boolean>
  /**
   * How long a statement is tried again that waited too long for another session, or in a circle with it: an
   * index that is built concurrently waits for every snapshot, that of a migrator which waits for our lock too.
   */
  readonly retryTime: number
  readonly onRetry?: ((retry: Retry) => void) | undefined
  readonly onStatement?: OnStatement | undefined
}

/**
 * Runs a script without a transaction around it, keeping its position. A statement and its position commit
 * together where PostgreSQL allows a transaction; where it doesn't, the position follows. A script's own
 * BEGIN … COMMIT stays one piece, whose position commits with it.
 */
export async function runResumably(
  client: Client,
  statements: readonly Statement[],
  resumable: Resumable,
): Promise<number> {
  let rows = 0
  for (const [index, statement] of statements.entries()) {
    if (index < resumable.from) continue
    const uncertain = resumable.uncertain && index === resumable.from
    const attempt = () =>
      runOne(client, statement, resumable.advance(index + 1), (each) => resumable.isToRun(each, uncertain))
    rows += await timed(statement, index, statements.length, resumable.onStatement, () =>
      retryWhileLocked(
        attempt,
        (error) => isLockError(error) && client.getTransactionStatus() === 'I',
        resumable.retryTime,
        resumable.onRetry,
      ),
    )
    if (client.getTransactionStatus() === 'I') resumable.onPosition(index + 1)
  }
  return rows
}

async function runOne(
  client: Client,
  statement: Statement,
  advance: string,
  isToRun: (statement: Statement) => Promise<boolean>,
): Promise<number> {
  const kind = transactionKind(statement)
  if (client.getTransactionStatus() === 'T') {
    if (kind === 'commit') await client.query(`${asOwnRole}; ${advance}`)
    const rows = await send(client, statement)
    if (kind === 'rollback') await client.query(advance)
    return rows
  }
  if (kind === 'begin') return await send(client, statement)
  try {
    await client.query('BEGIN')
    const rows = await send(client, statement)
    await client.query(`${asOwnRole}; ${advance}; COMMIT`)
    return rows
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    if (!refusesTransaction(error)) throw error
  }
  const rows = (await isToRun(statement)) ? await send(client, statement) : 0
  await client.query(`BEGIN; ${asOwnRole}; ${advance}; COMMIT`)
  return rows
}

/** For the rest of the transaction; the script's own role comes back with its end. */
const asOwnRole = 'SET LOCAL ROLE NONE'

/** A body that commits by itself (`CALL`, `DO`) has a code of its own. */
const refusesTransaction = (error: unknown): boolean =>
  demandsNoTransaction(error) || errorCode(error) === '2D000'

function transactionKind({ tree }: Statement): 'begin' | 'commit' | 'rollback' | undefined {
  if (!('TransactionStmt' in tree)) return undefined
  switch (tree.TransactionStmt.kind) {
    case 'TRANS_STMT_BEGIN':
    case 'TRANS_STMT_START':
      return 'begin'
    case 'TRANS_STMT_COMMIT':
      return 'commit'
    case 'TRANS_STMT_ROLLBACK':
      return 'rollback'
    default:
      return undefined
  }
}

async function send(client: Client, { text, offset }: Statement): Promise<number> {
  try {
    return rowsWritten(await client.query(text))
  } catch (error) {
    throw relativeToScript(error, offset)
  }
}

async function timed(
  statement: Statement,
  index: number,
  total: number,
  onStatement: OnStatement | undefined,
  work: () => Promise<number>,
): Promise<number> {
  const start = performance.now()
  const rows = await work()
  onStatement?.({ number: index + 1, total, statement, milliseconds: performance.now() - start, rows })
  return rows
}
