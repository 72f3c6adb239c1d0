import type { AlterTableStmt, Node, RangeVar } from 'libpg-query'
import { type LockMode, stronger } from './lock-mode.ts'
import { nameOf, nameOfObject, type TableName } from './names.ts'

/** A table that a statement locks. */
export interface Touch extends TableName {
  readonly lock: LockMode
  /** Whether its definition changes, which its owner alone may do. */
  readonly altered: boolean
}

/** Which tables a statement locks, and how. Source: PostgreSQL's manual, "Explicit Locking" and ALTER TABLE. */
export function touchedBy(tree: Node, ownSchema: string): readonly Touch[] {
  const touch = (relation: RangeVar | undefined, lock: LockMode, altered = true): readonly Touch[] =>
    relation?.relname === undefined || relation.relpersistence === 't'
      ? []
      : [{ ...nameOf(relation, ownSchema), lock, altered }]
  const all = (nodes: readonly Node[] | undefined, lock: LockMode, altered = true) =>
    (nodes ?? []).flatMap((each) => ('RangeVar' in each ? touch(each.RangeVar, lock, altered) : []))
  if ('AlterTableStmt' in tree) return alterTable(tree.AlterTableStmt, touch)
  if ('IndexStmt' in tree) {
    const { relation, concurrent } = tree.IndexStmt
    return touch(relation, concurrent ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE')
  }
  if ('CreateStmt' in tree) {
    const { tableElts, inhRelations, partbound } = tree.CreateStmt
    return [
      ...(tableElts ?? []).flatMap(referencedBy).flatMap((each) => touch(each, 'SHARE ROW EXCLUSIVE', false)),
      ...all(inhRelations, partbound ? 'ACCESS EXCLUSIVE' : 'SHARE UPDATE EXCLUSIVE'),
    ]
  }
  if ('DropStmt' in tree) {
    const { removeType, objects = [] } = tree.DropStmt
    const isTable = removeType === 'OBJECT_TABLE' || removeType === 'OBJECT_MATVIEW'
    if (isTable) return objects.map((each) => dropped(each, ownSchema))
    return removeType === 'OBJECT_TRIGGER' || removeType === 'OBJECT_POLICY' || removeType === 'OBJECT_RULE'
      ? objects.map((each) => dropped(withoutLast(each), ownSchema))
      : []
  }
  if ('RenameStmt' in tree) {
    const { renameType, relation } = tree.RenameStmt
    return ['OBJECT_TABLE', 'OBJECT_COLUMN', 'OBJECT_TABCONSTRAINT'].includes(renameType ?? '')
      ? touch(relation, 'ACCESS EXCLUSIVE')
      : []
  }
  if ('TruncateStmt' in tree) return all(tree.TruncateStmt.relations, 'ACCESS EXCLUSIVE', false)
  if ('CreateTrigStmt' in tree) return touch(tree.CreateTrigStmt.relation, 'SHARE ROW EXCLUSIVE')
  if ('CreatePolicyStmt' in tree) return touch(tree.CreatePolicyStmt.table, 'ACCESS EXCLUSIVE')
  if ('AlterPolicyStmt' in tree) return touch(tree.AlterPolicyStmt.table, 'ACCESS EXCLUSIVE')
  if ('RuleStmt' in tree) return touch(tree.RuleStmt.relation, 'ACCESS EXCLUSIVE')
  if ('ClusterStmt' in tree) return touch(tree.ClusterStmt.relation, 'ACCESS EXCLUSIVE')
  if ('RefreshMatViewStmt' in tree) {
    const { relation, concurrent } = tree.RefreshMatViewStmt
    return touch(relation, concurrent ? 'EXCLUSIVE' : 'ACCESS EXCLUSIVE')
  }
  if ('LockStmt' in tree) return all(tree.LockStmt.relations, 'ACCESS EXCLUSIVE', false)
  if ('InsertStmt' in tree) return touch(tree.InsertStmt.relation, 'ROW EXCLUSIVE', false)
  if ('UpdateStmt' in tree) return touch(tree.UpdateStmt.relation, 'ROW EXCLUSIVE', false)
  if ('DeleteStmt' in tree) return touch(tree.DeleteStmt.relation, 'ROW EXCLUSIVE', false)
  return []
}

type Make = (relation: RangeVar | undefined, lock: LockMode, altered?: boolean) => readonly Touch[]

function alterTable({ relation, cmds = [], objtype }: AlterTableStmt, touch: Make): readonly Touch[] {
  if (objtype !== 'OBJECT_TABLE' && objtype !== 'OBJECT_MATVIEW') return []
  const commands = cmds.flatMap((each) => ('AlterTableCmd' in each ? [each.AlterTableCmd] : []))
  const lock = commands
    .map((command): LockMode => {
      if (command.subtype === 'AT_AddConstraint' && command.def && referencedBy(command.def).length > 0) {
        return 'SHARE ROW EXCLUSIVE'
      }
      return weakCommands[command.subtype ?? ''] ?? 'ACCESS EXCLUSIVE'
    })
    .reduce(stronger, 'ACCESS SHARE')
  return [
    ...touch(relation, lock),
    ...commands
      .flatMap(({ def }) => (def ? referencedBy(def) : []))
      .flatMap((each) => touch(each, 'SHARE ROW EXCLUSIVE', false)),
    ...commands
      .flatMap(({ def }) => (def && 'PartitionCmd' in def ? (def.PartitionCmd.name ?? []) : []))
      .flatMap((each) => touch(each, 'ACCESS EXCLUSIVE')),
  ]
}

/** What ALTER TABLE does under less than ACCESS EXCLUSIVE. */
const weakCommands: Readonly<Record<string, LockMode>> = {
  AT_ValidateConstraint: 'SHARE UPDATE EXCLUSIVE',
  AT_SetStatistics: 'SHARE UPDATE EXCLUSIVE',
  AT_ClusterOn: 'SHARE UPDATE EXCLUSIVE',
  AT_DropCluster: 'SHARE UPDATE EXCLUSIVE',
  AT_SetOptions: 'SHARE UPDATE EXCLUSIVE',
  AT_ResetOptions: 'SHARE UPDATE EXCLUSIVE',
  AT_SetRelOptions: 'SHARE UPDATE EXCLUSIVE',
  AT_ResetRelOptions: 'SHARE UPDATE EXCLUSIVE',
  AT_AttachPartition: 'SHARE UPDATE EXCLUSIVE',
  AT_EnableTrig: 'SHARE ROW EXCLUSIVE',
  AT_DisableTrig: 'SHARE ROW EXCLUSIVE',
  AT_EnableAlwaysTrig: 'SHARE ROW EXCLUSIVE',
}

/** The tables that a constraint, or the constraints of a column, refer to. */
function referencedBy(node: Node): readonly RangeVar[] {
  if ('ColumnDef' in node) return (node.ColumnDef.constraints ?? []).flatMap(referencedBy)
  if (!('Constraint' in node)) return []
  const { contype, pktable } = node.Constraint
  return contype === 'CONSTR_FOREIGN' && pktable ? [pktable] : []
}

const dropped = (node: Node, ownSchema: string): Touch => ({
  ...nameOfObject(node, ownSchema),
  lock: 'ACCESS EXCLUSIVE',
  altered: true,
})

/** `table.trigger` is the table. */
const withoutLast = (node: Node): Node =>
  'List' in node ? { List: { items: (node.List.items ?? []).slice(0, -1) } } : node
