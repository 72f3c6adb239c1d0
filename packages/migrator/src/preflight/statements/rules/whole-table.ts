import { count } from '../../words.ts'
import type { Rule } from '../danger.ts'

/** One statement that changes all rows of a big table. */
export const wholeTable: Rule = (tree, setting) => {
  const statement =
    'UpdateStmt' in tree ? tree.UpdateStmt : 'DeleteStmt' in tree ? tree.DeleteStmt : undefined
  const table = statement && !statement.whereClause ? setting.table(statement.relation) : undefined
  if (!table?.big) return []
  return [
    {
      rule: 'whole-table',
      status: 'warning',
      what: `All ${count(table.rows, 'row')} of ${table.name} are changed in one transaction.`,
      why: 'Each of them stays locked until it ends, and its old version stays in the table.',
      fix: 'Work in batches, outside the schema change.',
    },
  ]
}
