import type { Rule } from '../danger.ts'

/** A new name breaks the version of the application that is running. */
export const renaming: Rule = (tree, setting) => {
  if (!('RenameStmt' in tree)) return []
  const { renameType, relation, subname, newname } = tree.RenameStmt
  if (renameType !== 'OBJECT_TABLE' && renameType !== 'OBJECT_COLUMN') return []
  const table = setting.table(relation)
  if (!table) return []
  const what = renameType === 'OBJECT_TABLE' ? table.name : `the column ${subname} of ${table.name}`
  return [
    {
      rule: 'renaming',
      status: 'warning',
      what: `From this moment ${what} is called ${newname}, also for an application that doesn't know it yet.`,
      why: 'While a deployment replaces the application, the old version is still running.',
      fix: 'Stop the application for the migration; or keep the name in the database and map it (@map, @@map), or bridge it by a view.',
    },
  ]
}
