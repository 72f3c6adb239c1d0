import { count } from '../../words.ts'
import type { Rule } from '../danger.ts'

/** An index that is built in the ordinary way keeps everybody from writing until it is done. */
export const indexBlocking: Rule = (tree, setting) => {
  if (!('IndexStmt' in tree) || tree.IndexStmt.concurrent) return []
  const table = setting.table(tree.IndexStmt.relation)
  if (!table?.big) return []
  return [
    {
      rule: 'index-blocking',
      status: 'warning',
      what: `Nobody can write to ${table.name} while an index is built over its ${count(table.rows, 'row')}.`,
      why: 'CREATE INDEX takes a SHARE lock for as long as it works.',
      fix: 'CREATE INDEX CONCURRENTLY, in a script of its own: pnpm db create --template concurrent-index',
    },
  ]
}
