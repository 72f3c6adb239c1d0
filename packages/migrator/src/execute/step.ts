import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorCode, errorMessage } from '@manybase/failure'
import { demandsNoTransaction, executeStatements, readHeader } from '@manybase/schema-engine/script'
import { escapeIdentifier } from 'pg'
import type { Step } from '../plan/step.ts'
import type { Session } from '../server/session.ts'
import { type Bookkeeping, keepBooks } from './bookkeeping.ts'
import { explainStepError } from './explain.ts'
import { downMissing } from './failures.ts'

/** A step as it is run: its script, where that lies, and its books. */
export interface Work {
  readonly step: Step
  readonly file: string
  readonly script: string
  readonly books: Bookkeeping
  /** First statements of the session: nothing an earlier script has set may reach into this one. */
  readonly fresh: string
}

/** The ledger is written by the role in the URL, whichever role the script has taken on. */
const ownRole = 'RESET ROLE; RESET SESSION AUTHORIZATION'

/**
 * Runs one step: script and ledger row in one transaction, or statement by statement where the script or
 * PostgreSQL asks for that.
 * @throws `migration.failed`, `migration.connection-lost`, `migration.down-missing`
 */
export async function runStep(session: Session, schema: string, step: Step): Promise<void> {
  const work: Work = {
    ...scriptOf(step),
    step,
    books: keepBooks(schema, step),
    fresh: `${ownRole}; RESET ALL; SET search_path = ${escapeIdentifier(schema)}`,
  }
  if (readHeader(work.script).transaction === 'none') return await runByStatement(session, work)
  try {
    await runInTransaction(session, work)
  } catch (error) {
    const ended = await hasEnded(session)
    if (!ended) await session.client.query('ROLLBACK').catch(() => {})
    const committedItself = await giveUp(session, work, ended, errorMessage(error))
    if (demandsNoTransaction(error) && !committedItself) return await runByStatement(session, work)
    throw explainStepError(error, work, committedItself ? partlyDone : 'Nothing of it is done.')
  }
}

/**
 * Whether the script ended the transaction around it, so that something of it may stay; the row is then
 * left unfinished. The row shows it too: had the transaction been whole, it would be gone with it.
 */
async function giveUp({ client }: Session, { books }: Work, ended: boolean, logs: string): Promise<boolean> {
  if (ended) await client.query(books.open).catch(() => {})
  const updated = await client.query(books.giveUp(logs)).catch(() => undefined)
  return ended || updated?.rowCount === 1
}

const partlyDone =
  'The script ends its transaction by itself, so a part of it may be done; the ledger then has it as unfinished.'

function scriptOf({ kind, revision }: Step): { file: string; script: string } {
  if (kind === 'upgrade') return { file: join(revision.path, 'migration.sql'), script: revision.script }
  const file = join(revision.path, 'down.sql')
  try {
    return { file, script: readFileSync(file, 'utf8') }
  } catch (error) {
    throw downMissing({ database: revision.database, revision: revision.name, file }, error)
  }
}

async function runInTransaction({ client }: Session, { script, books, fresh }: Work): Promise<void> {
  await client.query(`${fresh}; BEGIN; ${books.open}`)
  await client.query(script)
  const open = client.getTransactionStatus() === 'T'
  await client.query(`${ownRole}; ${books.close}${open ? '; COMMIT' : ''}`)
}

async function runByStatement({ client }: Session, work: Work): Promise<void> {
  const { script, books, fresh } = work
  await client.query(`${fresh}; ${books.open}`)
  let done = 0
  try {
    await executeStatements(client, script, (count) => {
      done = count
    })
    await client.query(`${ownRole}; ${books.close}`)
  } catch (error) {
    const logs = `${errorCode(error) ?? ''} after ${done} statements: ${errorMessage(error)}`
    await client.query(done === 0 ? books.undo(logs) : books.giveUp(logs)).catch(() => {})
    throw explainStepError(error, work, whatIsLeft(done))
  }
}

const whatIsLeft = (done: number): string =>
  done === 0
    ? 'No statement of it is done; an index that CREATE INDEX CONCURRENTLY left INVALID must be dropped first.'
    : `It runs without a transaction: its first ${done} statements are done, and the ledger has it as unfinished.`

/** Whether no transaction is open any more. The driver hears of it after the error, with the next answer. */
async function hasEnded({ client }: Session): Promise<boolean> {
  await client.query('').catch(() => {})
  return client.getTransactionStatus() === 'I'
}
