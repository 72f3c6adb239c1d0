import { escapeLiteral } from 'pg'
import type { Database } from '../catalog/catalog.ts'
import { type Bookkeeping, keepBooks } from '../execute/bookkeeping.ts'
import { isFor, type ScriptJob } from '../execute/job.ts'
import { defaultEnvironment } from '../execute/settings.ts'
import { readOptions } from '../history/options.ts'
import { readHistory } from '../history/read.ts'
import type { Revision } from '../history/revision.ts'
import { type LedgerRow, makeLedger } from '../ledger/ledger.ts'
import { ledgerTable } from '../ledger/sql.ts'
import { skippedWords } from '../ledger/words.ts'
import type { Plan } from '../plan/plan.ts'
import { type DatabaseState, makeState } from '../plan/state.ts'

/** Databases that stand at base, as far as their histories say. */
export const statesAtBase = (databases: readonly Database[]): readonly DatabaseState[] =>
  databases.map((database) => makeState(readHistory(database), makeLedger(database.name, [])))

/** The states after a plan of upgrades, as if it had been run in that environment. */
export function statesAfter(
  states: readonly DatabaseState[],
  plan: Plan,
  environment: string = defaultEnvironment,
): readonly DatabaseState[] {
  const steps = plan.kind === 'steps' ? plan.steps : []
  return states.map(({ database, history }) => {
    const rows = steps
      .filter((step) => step.database === database)
      .map(({ revision }) => rowOf(revision, isFor(readOptions(revision), environment) ? null : environment))
    return makeState(history, makeLedger(database, rows))
  })
}

/** @param skipped the environment that the revision isn't for */
const rowOf = ({ name, checksum }: Revision, skipped: string | null): LedgerRow => ({
  id: name,
  name,
  checksum,
  startedAt: new Date(0),
  finishedAt: new Date(0),
  rolledBackAt: null,
  logs: skipped === null ? null : skippedWords(skipped),
  appliedSteps: skipped === null ? 1 : 0,
})

/** Nobody knows the id of a row that is to be undone; its name is as good, since one row of a name stands. */
export function offlineBooks(schema: string, job: ScriptJob): Bookkeeping {
  const books = keepBooks(schema, job)
  if (job.step.kind === 'upgrade') return books
  const { id, name } = job.step.row
  const standing = `id = (SELECT id FROM ${ledgerTable(schema)} WHERE migration_name = ${escapeLiteral(name)} AND rolled_back_at IS NULL)`
  const byName = (sql: string) => sql.replaceAll(`id = ${escapeLiteral(id)}`, standing)
  return {
    ...books,
    open: byName(books.open),
    openByStatement: byName(books.openByStatement),
    advance: (statements, through) => byName(books.advance(statements, through)),
    close: byName(books.close),
    skip: (environment) => byName(books.skip(environment)),
  }
}
