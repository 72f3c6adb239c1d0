import { readHistory } from '../history/read.ts'
import { makeLedger } from '../ledger/ledger.ts'
import { readRows } from '../ledger/read.ts'
import { ledgerTable } from '../ledger/sql.ts'
import { skippedIn } from '../ledger/words.ts'
import { makeState } from '../plan/state.ts'
import type { HistoryFacts } from './manifest.ts'
import type { Reader } from './reader.ts'

/** What each history of a database had applied at the reader's moment. */
export async function readHistories({ client, database }: Reader): Promise<readonly HistoryFacts[]> {
  const found: HistoryFacts[] = []
  for (const target of database.targets) {
    const { schema } = target.connection
    // A statement that fails would end the snapshot with its transaction.
    const { rows } = await client.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [
      ledgerTable(schema),
    ])
    const session = { client, targets: [target], close: async () => {} }
    const ledger = makeLedger(target.name, rows[0]?.there ? await readRows(session, schema) : [])
    const { history, current } = makeState(readHistory(target), ledger)
    const scripts = new Map(history.revisions.map(({ name, checksum }) => [name, checksum]))
    found.push({
      database: target.name,
      schema,
      current,
      revisions: ledger.applied.map((row) => {
        const environment = skippedIn(row)
        return {
          revision: row.name,
          checksum: scripts.get(row.name) ?? row.checksum,
          ...(environment !== undefined && { skippedIn: environment }),
        }
      }),
    })
  }
  return found
}
