import { splitStatements } from '@manybase/schema-engine/split'
import type { ColumnDef, Node } from 'libpg-query'

type Statement = Awaited<ReturnType<typeof splitStatements>>[number]

/** One change that a statement makes, as far as data may be lost or a rename be hidden in it. */
export type Change =
  | { readonly kind: 'creates-table'; readonly table: string; readonly columns: readonly Column[] }
  | { readonly kind: 'drops-table'; readonly table: string }
  | { readonly kind: 'drops-schema'; readonly schema: string }
  | {
      readonly kind: 'adds-column'
      readonly table: string
      readonly column: Column
      readonly needsValue: boolean
    }
  | { readonly kind: 'drops-column'; readonly table: string; readonly column: string }
  | { readonly kind: 'changes-type'; readonly table: string; readonly column: string }
  | { readonly kind: 'sets-required'; readonly table: string; readonly column: string }
  | { readonly kind: 'adds-unique'; readonly table: string }
  | { readonly kind: 'deletes-rows'; readonly table: string }

export interface Column {
  readonly name: string
  /** Equal for equal types; nothing else is to be read out of it. */
  readonly type: string
}

/**
 * A script as statements, each with the comments above it and without `BEGIN` and `COMMIT`: the transaction
 * belongs to whoever runs it.
 */
export async function cutScript(script: string): Promise<readonly Statement[]> {
  // The parser takes an empty text for a mistake.
  if (script.trim() === '') return []
  const characters = [...script]
  let end = 0
  const statements = (await splitStatements(script)).map((statement) => {
    const above = characters.slice(end, statement.offset).join('').replace(/^\s*;/, '').trim()
    end = statement.offset + [...statement.text].length
    return { ...statement, text: above === '' ? statement.text : `${above}\n${statement.text}` }
  })
  return statements.filter(({ tree }) => !('TransactionStmt' in tree))
}

export const joinStatements = (texts: readonly string[]): string =>
  texts.map((text) => `${text};\n`).join('\n')

export function changesOf(tree: Node): readonly Change[] {
  if ('CreateStmt' in tree) {
    const { relation, tableElts = [] } = tree.CreateStmt
    const columns = tableElts.flatMap((each) => ('ColumnDef' in each ? [columnOf(each.ColumnDef)] : []))
    return [{ kind: 'creates-table', table: relation?.relname ?? '', columns }]
  }
  if ('DropStmt' in tree) {
    const { removeType, objects = [] } = tree.DropStmt
    if (removeType === 'OBJECT_TABLE')
      return objects.map((object) => ({ kind: 'drops-table', table: lastName(object) }))
    if (removeType === 'OBJECT_SCHEMA')
      return objects.map((object) => ({ kind: 'drops-schema', schema: lastName(object) }))
    return []
  }
  if ('TruncateStmt' in tree) {
    const { relations = [] } = tree.TruncateStmt
    return relations.map((each) => ({
      kind: 'deletes-rows',
      table: 'RangeVar' in each ? (each.RangeVar.relname ?? '') : '',
    }))
  }
  if ('DeleteStmt' in tree) return [{ kind: 'deletes-rows', table: tree.DeleteStmt.relation?.relname ?? '' }]
  if ('IndexStmt' in tree && tree.IndexStmt.unique) {
    return [{ kind: 'adds-unique', table: tree.IndexStmt.relation?.relname ?? '' }]
  }
  if ('AlterTableStmt' in tree) {
    const { relation, cmds = [], objtype } = tree.AlterTableStmt
    const table = relation?.relname ?? ''
    return objtype === 'OBJECT_TABLE' ? cmds.flatMap((command) => commandChanges(table, command)) : []
  }
  return []
}

function commandChanges(table: string, command: Node): Change[] {
  if (!('AlterTableCmd' in command)) return []
  const { subtype, name: column = '', def } = command.AlterTableCmd
  switch (subtype) {
    case 'AT_DropColumn':
      return [{ kind: 'drops-column', table, column }]
    case 'AT_AlterColumnType':
      return [{ kind: 'changes-type', table, column }]
    case 'AT_SetNotNull':
      return [{ kind: 'sets-required', table, column }]
    case 'AT_AddColumn':
      if (!def || !('ColumnDef' in def)) return []
      return [
        {
          kind: 'adds-column',
          table,
          column: columnOf(def.ColumnDef),
          needsValue: needsValue(def.ColumnDef),
        },
      ]
    case 'AT_AddConstraint':
      return def && 'Constraint' in def && /^CONSTR_(UNIQUE|PRIMARY)$/.test(def.Constraint.contype ?? '')
        ? [{ kind: 'adds-unique', table }]
        : []
    default:
      return []
  }
}

const columnOf = ({ colname = '', typeName }: ColumnDef): Column => ({
  name: colname,
  type: JSON.stringify(typeName, (key, value: unknown) => (key === 'location' ? undefined : value)),
})

const serial = /^(big|small)?serial\d?$/

/** Required and with nothing to fill it: impossible where rows are. */
function needsValue({ constraints = [], typeName }: ColumnDef): boolean {
  const kinds = constraints.map((each) => ('Constraint' in each ? each.Constraint.contype : undefined))
  const filled = kinds.some(
    (kind) => kind === 'CONSTR_DEFAULT' || kind === 'CONSTR_IDENTITY' || kind === 'CONSTR_GENERATED',
  )
  const type = typeName?.names?.at(-1)
  const isSerial = type !== undefined && 'String' in type && serial.test(type.String.sval ?? '')
  return kinds.includes('CONSTR_NOTNULL') && !filled && !isSerial
}

/** `schema.table` as the grammar has it: a list of names. */
function lastName(object: Node): string {
  const last = 'List' in object ? object.List.items?.at(-1) : object
  return last && 'String' in last ? (last.String.sval ?? '') : ''
}
