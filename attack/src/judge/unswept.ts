import { verifyReceipts } from '@manybase/app-validation'
import type { Client } from 'pg'
import type { Scene } from '../work/scene.ts'
import type { Verdict } from './verdict.ts'
import type { Violation } from './violation.ts'

interface Deletion {
  readonly target: string
  readonly id: string
  readonly epoch: string
  readonly xid: string
}

const keyOf = ({ target, id, epoch, xid }: Deletion) => JSON.stringify([target, id, epoch, xid])

/** Deletions that the sweep hasn't taken over or hasn't closed, and receipts that don't follow from each other. */
export async function findUnswept({ place, book }: Scene, a: Client, b: Client): Promise<Verdict> {
  const columns = 'target, id, epoch, xid::text AS xid'
  const log = await a.query<Deletion>(`SELECT ${columns} FROM integrity.delete_log`)
  const receipts = await b.query<Deletion>(`SELECT ${columns} FROM integrity.receipt`)
  const open = await b.query<{ id: string }>('SELECT id FROM integrity.tombstone WHERE swept_at IS NULL')
  const closed = new Set(receipts.rows.map(keyOf))
  const left = [
    ...log.rows
      .filter((deletion) => !closed.has(keyOf(deletion)))
      .map(({ target, id }) => ({ id, what: `the deletion of ${target} ${id} has no receipt` })),
    ...open.rows.map(({ id }) => ({ id, what: `the deletion of ${id} is not closed` })),
  ]
  const broken = await verifyReceipts(b, place.link.source)
  return {
    checked: { 'deletions in the log': log.rows.length, receipts: receipts.rows.length },
    violations: [
      ...left.map(({ id, what }): Violation => ({ kind: 'unswept', what, history: book.historyOf(id) })),
      ...broken.map(
        ({ batch, problem }): Violation => ({
          kind: 'receipts',
          what: `batch ${batch}: ${problem}`,
          history: [],
        }),
      ),
    ],
  }
}
