import { verifyReceipts } from '@manybase/app-validation'
import type { Client } from 'pg'
import type { Scene } from '../work/scene.ts'
import type { Verdict } from './verdict.ts'
import type { Violation } from './violation.ts'

/** Deletions that the sweep hasn't closed, and receipts that don't follow from each other. */
export async function findUnswept({ place, book }: Scene, b: Client): Promise<Verdict> {
  const { rows } = await b.query<{ id: string; swept: boolean }>(
    'SELECT id, swept_at IS NOT NULL AS swept FROM integrity.tombstone',
  )
  const left = rows.filter(({ swept }) => !swept)
  const broken = await verifyReceipts(b, place.link.source)
  return {
    checked: { tombstones: rows.length },
    violations: [
      ...left.map(
        ({ id }): Violation => ({
          kind: 'unswept',
          what: `the deletion of ${id} is not closed`,
          history: book.historyOf(id),
        }),
      ),
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
