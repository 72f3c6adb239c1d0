import { randomUUID } from 'node:crypto'
import { finishRow, keepLogs, reopenRow, rollBackRow, startRow } from '../ledger/sql.ts'
import type { Step } from '../plan/step.ts'

/** The statements that keep the ledger right around a script. */
export interface Bookkeeping {
  /**
   * Before the script; it makes the row unfinished, so that a kill outside a transaction is seen afterwards.
   * May be repeated.
   */
  readonly open: string
  /** After the script, also one that has rolled `open` back. */
  readonly close: string
  /** After a failure outside a transaction; changes a row that is unfinished, and no other. */
  readonly giveUp: (logs: string) => string
  /** The same when nothing of the script was done: the ledger is as it was. */
  readonly undo: (logs: string) => string
}

/** An upgrade adds a row; a downgrade gives the applied row its `rolled_back_at`, and so keeps the whole story. */
export function keepBooks(schema: string, step: Step): Bookkeeping {
  if (step.kind === 'upgrade') {
    const id = randomUUID()
    const open = startRow(schema, { ...step.revision, id })
    return {
      open,
      close: `${open}; ${finishRow(schema, id, 'clock_timestamp()')}`,
      giveUp: (logs) => keepLogs(schema, id, logs),
      undo: (logs) => rollBackRow(schema, id, logs),
    }
  }
  const { id, finishedAt, logs } = step.row
  const finished = `'${(finishedAt ?? new Date()).toISOString()}'`
  return {
    open: reopenRow(schema, id),
    close: `${finishRow(schema, id, finished)}; ${rollBackRow(schema, id, logs ?? '')}`,
    giveUp: (words) => keepLogs(schema, id, words),
    undo: () => finishRow(schema, id, finished),
  }
}
