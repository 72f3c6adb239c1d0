import { randomUUID } from 'node:crypto'
import { type Beginning, nothing } from '../history/beginning.ts'
import {
  addToLogs,
  advanceRow,
  finishRow,
  keepLogs,
  reopenRow,
  rollBackRow,
  setChecksum,
  startRow,
} from '../ledger/sql.ts'
import { progressOf, progressWords, skippedWords } from '../ledger/words.ts'
import type { Step } from '../plan/step.ts'
import type { ScriptJob } from './job.ts'

/** The statements that keep the ledger right around a script. */
export interface Bookkeeping {
  /**
   * Before the script; it makes the row unfinished, so that a kill outside a transaction is seen afterwards.
   * May be repeated.
   */
  readonly open: string
  /** The same before a script that runs statement by statement: the row says that it can be gone on with. */
  readonly openByStatement: string
  /** After the n-th statement of such a script. */
  readonly advance: (statements: number, through: Beginning) => string
  /** After the script, also one that has rolled `open` back. */
  readonly close: string
  /** Instead of all that: the revision isn't for this environment. */
  readonly skip: (environment: string) => string
  /** After a failure outside a transaction; changes a row that is unfinished, and no other. */
  readonly giveUp: (logs: string) => string
  /** After a failure between two statements; the row can still be gone on with. */
  readonly pause: (logs: string) => string
  /** After a failure when nothing of the script was done: the ledger is as it was. */
  readonly undo: (logs: string) => string
}

/** An upgrade adds a row; a downgrade gives the applied row its `rolled_back_at`, and so keeps the whole story. */
export const keepBooks = (schema: string, job: ScriptJob): Bookkeeping =>
  job.step.kind === 'upgrade' ? upgradeBooks(schema, job) : downgradeBooks(schema, job, job.step)

function upgradeBooks(schema: string, { step, halfDone }: ScriptJob): Bookkeeping {
  const id = halfDone?.id ?? randomUUID()
  const row = { ...step.revision, id }
  const open = startRow(schema, row)
  const words = (through: Beginning) => progressWords({ way: 'applied', through })
  const finish = (more?: { logs: string; steps: number }) => finishRow(schema, id, 'clock_timestamp()', more)
  return {
    open,
    openByStatement: halfDone
      ? setChecksum(schema, id, step.revision.checksum)
      : startRow(schema, { ...row, logs: words(nothing) }),
    advance: (statements, through) => advanceRow(schema, id, statements, words(through)),
    close: `${open}; ${finish()}`,
    skip: (environment) => `${open}; ${finish({ logs: skippedWords(environment), steps: 0 })}`,
    giveUp: (logs) => keepLogs(schema, id, logs),
    pause: (logs) => addToLogs(schema, id, logs),
    undo: (logs) => rollBackRow(schema, id, logs),
  }
}

function downgradeBooks(
  schema: string,
  { halfDone }: ScriptJob,
  { row: { id, finishedAt, logs } }: Step & { kind: 'downgrade' },
): Bookkeeping {
  const applied = finishedAt ?? (halfDone && progressOf(halfDone)?.applied) ?? new Date()
  const finished = `'${applied.toISOString()}'`
  const words = (through: Beginning) => progressWords({ way: 'undone', through, applied })
  const kept = halfDone ? null : logs
  return {
    open: reopenRow(schema, id),
    openByStatement: halfDone
      ? 'SELECT'
      : `${reopenRow(schema, id)}; ${keepLogs(schema, id, words(nothing))}`,
    advance: (statements, through) => advanceRow(schema, id, statements, words(through)),
    close: `${finishRow(schema, id, finished)}; ${rollBackRow(schema, id, kept ?? '')}`,
    skip: () => rollBackRow(schema, id, kept ?? ''),
    giveUp: (more) => keepLogs(schema, id, more),
    pause: (more) => addToLogs(schema, id, more),
    undo: () => finishRow(schema, id, finished, { logs: kept }),
  }
}
