import type { Node, RangeVar, WithClause } from 'libpg-query'
import { escapeIdentifier } from 'pg'

/** What a statement takes away, by the names that it uses. */
export type Taken =
  | { readonly kind: 'table' | 'rows'; readonly table: string }
  | { readonly kind: 'column'; readonly table: string; readonly column: string }
  | { readonly kind: 'schema'; readonly schema: string }
  | { readonly kind: 'unreadable' }

/** Reads from a statement's tree which tables, columns and rows it deletes. */
export function readTaken(tree: Node): readonly Taken[] {
  if ('DropStmt' in tree) return dropped(tree.DropStmt.removeType, tree.DropStmt.objects ?? [])
  if ('AlterTableStmt' in tree) return droppedColumns(tree.AlterTableStmt.relation, tree.AlterTableStmt.cmds)
  if ('TruncateStmt' in tree) {
    return (tree.TruncateStmt.relations ?? []).flatMap((each) =>
      'RangeVar' in each ? rowsOf(each.RangeVar) : [],
    )
  }
  if ('DoStmt' in tree) return [{ kind: 'unreadable' }]
  return deleted(tree)
}

/** `DELETE` by itself or in a `WITH`. */
function deleted(tree: Node): readonly Taken[] {
  const own = 'DeleteStmt' in tree && tree.DeleteStmt.relation ? rowsOf(tree.DeleteStmt.relation) : []
  return [...own, ...ctesOf(tree).flatMap(deleted)]
}

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
