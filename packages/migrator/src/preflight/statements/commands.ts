import type { AlterTableCmd, Node, RangeVar } from 'libpg-query'
import { partsOf } from './names.ts'

export interface TableCommand {
  readonly relation: RangeVar | undefined
  readonly command: AlterTableCmd
}

/** The parts of an ALTER TABLE. */
export function commandsOf(tree: Node): readonly TableCommand[] {
  if (!('AlterTableStmt' in tree) || tree.AlterTableStmt.objtype !== 'OBJECT_TABLE') return []
  const { relation, cmds = [] } = tree.AlterTableStmt
  return cmds.flatMap((each) => ('AlterTableCmd' in each ? [{ relation, command: each.AlterTableCmd }] : []))
}

export interface AddedColumn {
  readonly relation: RangeVar | undefined
  readonly column: string
  readonly constraints: readonly Node[]
  /** Of the constraints: `CONSTR_NOTNULL`. */
  readonly kinds: readonly string[]
  /** Its values come from a sequence of its own. */
  readonly serial: boolean
}

export const columnsAdded = (tree: Node): readonly AddedColumn[] =>
  commandsOf(tree).flatMap(({ relation, command: { subtype, def } }) => {
    if (subtype !== 'AT_AddColumn' || !def || !('ColumnDef' in def)) return []
    const { colname = '', constraints = [], typeName } = def.ColumnDef
    const type = (typeName?.names ?? []).flatMap(partsOf).at(-1) ?? ''
    const kinds = constraints.flatMap((each) => ('Constraint' in each && each.Constraint.contype) || [])
    return [{ relation, column: colname, constraints, kinds, serial: /^(big|small)?serial\d?$/.test(type) }]
  })
