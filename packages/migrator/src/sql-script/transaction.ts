import type { Statement } from '@manybase/schema-engine/split'

/** Whether PostgreSQL refuses a statement inside a transaction, as far as its grammar shows it. */
export function refusesTransaction({ tree }: Pick<Statement, 'tree'>): boolean {
  if ('IndexStmt' in tree) return tree.IndexStmt.concurrent === true
  if ('DropStmt' in tree) return tree.DropStmt.concurrent === true
  if ('VacuumStmt' in tree) return tree.VacuumStmt.is_vacuumcmd === true
  if ('ReindexStmt' in tree) {
    const { kind, params = [] } = tree.ReindexStmt
    const concurrently = params.some(
      (param) => 'DefElem' in param && param.DefElem.defname === 'concurrently',
    )
    return concurrently || kind === 'REINDEX_OBJECT_SCHEMA' || kind === 'REINDEX_OBJECT_DATABASE'
  }
  if ('AlterTableStmt' in tree) {
    return (tree.AlterTableStmt.cmds ?? []).some((cmd) => {
      const def = 'AlterTableCmd' in cmd ? cmd.AlterTableCmd.def : undefined
      return def !== undefined && 'PartitionCmd' in def && def.PartitionCmd.concurrent === true
    })
  }
  return always.some((kind) => kind in tree)
}

const always = [
  'AlterSystemStmt',
  'CreatedbStmt',
  'CreateSubscriptionStmt',
  'CreateTableSpaceStmt',
  'DropdbStmt',
  'DropTableSpaceStmt',
]
