import type { FuncCall, Node, RangeVar, WithClause } from 'libpg-query'
import { escapeIdentifier } from 'pg'

/** What a statement takes away, by the names that it uses. */
export type Taken =
  | { readonly kind: 'table' | 'rows'; readonly table: string }
  | { readonly kind: 'column'; readonly table: string; readonly column: string }
  | { readonly kind: 'schema'; readonly schema: string }
  /** Code of its own, in a DO block or in a procedure. */
  | { readonly kind: 'unreadable'; readonly code: string }
  /** A function whose code may be anything, unless PostgreSQL brings it along. */
  | { readonly kind: 'function'; readonly name: string }

/** Reads from a statement's tree which tables, columns and rows it deletes. */
export function readTaken(tree: Node): readonly Taken[] {
  if ('DropStmt' in tree) return dropped(tree.DropStmt.removeType, tree.DropStmt.objects ?? [])
  if ('AlterTableStmt' in tree) return droppedColumns(tree.AlterTableStmt.relation, tree.AlterTableStmt.cmds)
  if ('TruncateStmt' in tree) {
    return (tree.TruncateStmt.relations ?? []).flatMap((each) =>
      'RangeVar' in each ? rowsOf(each.RangeVar) : [],
    )
  }
  if ('DoStmt' in tree) return [{ kind: 'unreadable', code: 'a DO block' }]
  if ('CallStmt' in tree) return [{ kind: 'unreadable', code: `${functionName(tree.CallStmt.funccall)}()` }]
  return deleted(tree)
}

/** `DELETE` by itself or in a `WITH`. */
function deleted(tree: Node): readonly Taken[] {
  const own = 'DeleteStmt' in tree && tree.DeleteStmt.relation ? rowsOf(tree.DeleteStmt.relation) : []
  return [...own, ...functionsIn(tree), ...ctesOf(tree).flatMap(deleted)]
}

/** Functions that a `SELECT` calls for what they do: those of its list, and of `FROM`. */
function functionsIn(tree: Node): readonly Taken[] {
  if (!('SelectStmt' in tree)) return []
  const { targetList = [], fromClause = [] } = tree.SelectStmt
  const listed = targetList.flatMap((each) => ('ResTarget' in each && each.ResTarget.val) || [])
  const tables = fromClause.flatMap((each) => ('RangeFunction' in each && each.RangeFunction.functions) || [])
  const called = [...listed, ...tables.flatMap((each) => ('List' in each ? (each.List.items ?? []) : []))]
  return called.flatMap((each) =>
    'FuncCall' in each ? [{ kind: 'function', name: functionName(each.FuncCall) }] : [],
  )
}

/** As SQL writes it. */
const functionName = (call: FuncCall | undefined): string =>
  quote((call?.funcname ?? []).map((part) => ('String' in part ? part.String.sval : undefined)))

function ctesOf(tree: Node): readonly Node[] {
  const ctes = withOf(tree)?.ctes ?? []
  return ctes.flatMap((cte) =>
    'CommonTableExpr' in cte && cte.CommonTableExpr.ctequery ? [cte.CommonTableExpr.ctequery] : [],
  )
}

function withOf(tree: Node): WithClause | undefined {
  if ('SelectStmt' in tree) return tree.SelectStmt.withClause
  if ('InsertStmt' in tree) return tree.InsertStmt.withClause
  if ('UpdateStmt' in tree) return tree.UpdateStmt.withClause
  return 'DeleteStmt' in tree ? tree.DeleteStmt.withClause : undefined
}

function dropped(type: string | undefined, objects: readonly Node[]): readonly Taken[] {
  const names = objects.map(nameOf)
  if (type === 'OBJECT_TABLE' || type === 'OBJECT_MATVIEW') {
    return names.map((table) => ({ kind: 'table', table }))
  }
  return type === 'OBJECT_SCHEMA' ? names.map((schema) => ({ kind: 'schema', schema })) : []
}

function droppedColumns(
  relation: RangeVar | undefined,
  commands: readonly Node[] | undefined,
): readonly Taken[] {
  if (!relation) return []
  return (commands ?? []).flatMap((each) => {
    const command = 'AlterTableCmd' in each ? each.AlterTableCmd : undefined
    if (command?.subtype !== 'AT_DropColumn' || command.name === undefined) return []
    return [{ kind: 'column', table: relationName(relation), column: command.name }]
  })
}

const rowsOf = (relation: RangeVar): Taken[] => [{ kind: 'rows', table: relationName(relation) }]

const relationName = ({ schemaname, relname }: RangeVar): string => quote([schemaname, relname])

function nameOf(node: Node): string {
  if ('String' in node) return quote([node.String.sval])
  if (!('List' in node)) return ''
  return quote((node.List.items ?? []).map((part) => ('String' in part ? part.String.sval : undefined)))
}

const quote = (parts: readonly (string | undefined)[]): string =>
  parts
    .filter((part) => part !== undefined)
    .map(quoteIfNeeded)
    .join('.')

const quoteIfNeeded = (name: string): string =>
  /^[a-z_][a-z0-9_]*$/.test(name) ? name : escapeIdentifier(name)
