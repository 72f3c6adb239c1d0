import { randomUUID } from 'node:crypto'
import { errorCode, errorMessage } from '@manybase/failure'
import { demandsNoTransaction, executeStatements } from '@manybase/schema-engine/script'
import { escapeIdentifier } from 'pg'
import { finishRow, keepLogs, rollBackRow, startRow } from '../ledger/sql.ts'
import type { Step } from '../plan/plan.ts'
import type { Session } from '../server/session.ts'
import { explainStepError } from './explain.ts'

/**
 * Applies one revision: script and ledger row in one transaction, or statement by statement where the script
 * or PostgreSQL asks for that.
 * @throws `migration.failed`, `migration.connection-lost`
 */
export async function applyStep(session: Session, schema: string, step: Step): Promise<void> {
  const { revision } = step
  if (revision.transaction === 'none') return await applyByStatement(session, schema, step)
  const id = randomUUID()
  try {
    await applyInTransaction(session, schema, step, id)
  } catch (error) {
    const endedItself = session.client.getTransactionStatus() === 'I'
    await rollBack(session)
    if (demandsNoTransaction(error) && !endedItself) return await applyByStatement(session, schema, step)
    if (endedItself) await session.client.query(keepLogs(schema, id, errorMessage(error))).catch(() => {})
    throw explainStepError(error, step, endedItself ? committedItself : 'Nothing of it is applied.')
  }
}

const committedItself =
  'The script ends its transaction by itself, so a part of it may be applied; the ledger then has it as unfinished.'

async function applyInTransaction(session: Session, schema: string, step: Step, id: string): Promise<void> {
  const { client } = session
  const { revision } = step
  // The row comes first: should the script commit by itself, a kill after that is seen as an unfinished row.
  await client.query(`${freshSettings(schema)}; BEGIN; ${startRow(schema, { ...revision, id })}`)
  await client.query(revision.script)
  const open = client.getTransactionStatus() === 'T'
  await client.query(open ? `${finishRow(schema, id)}; COMMIT` : finishRow(schema, id))
}

async function applyByStatement({ client }: Session, schema: string, step: Step): Promise<void> {
  const { revision } = step
  const id = randomUUID()
  await client.query(`${freshSettings(schema)}; ${startRow(schema, { ...revision, id })}`)
  let done = 0
  try {
    await executeStatements(client, revision.script, (count) => {
      done = count
    })
    await client.query(finishRow(schema, id))
  } catch (error) {
    await client.query(closeRow(schema, id, done, error)).catch(() => {})
    throw explainStepError(error, step, whatIsLeft(done))
  }
}

/** A run that failed at its first statement has left nothing that a next run would stumble over. */
const closeRow = (schema: string, id: string, done: number, error: unknown): string => {
  const logs = `${errorCode(error) ?? ''} after ${done} statements: ${errorMessage(error)}`
  return done === 0 ? rollBackRow(schema, id, logs) : keepLogs(schema, id, logs)
}

const whatIsLeft = (done: number): string =>
  done === 0
    ? 'No statement of it is applied; an index that CREATE INDEX CONCURRENTLY left INVALID must be dropped first.'
    : `It runs without a transaction: its first ${done} statements are applied, and the ledger has it as unfinished.`

/** Undoes what an earlier script may have set for the session, such as an empty search path. */
const freshSettings = (schema: string): string =>
  `RESET ROLE; RESET SESSION AUTHORIZATION; RESET ALL; SET search_path = ${escapeIdentifier(schema)}`

async function rollBack({ client }: Session): Promise<void> {
  // On a broken connection the server has rolled back already.
  if (client.getTransactionStatus() !== 'I') await client.query('ROLLBACK').catch(() => {})
}
