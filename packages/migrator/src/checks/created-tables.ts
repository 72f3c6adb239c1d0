import { splitStatements } from '@manybase/schema-engine/split'

/** Which tables a script leaves behind that were not there before, as far as its text says. */
export interface CreatedTables {
  readonly tables: readonly string[]
  /** Those among them that are partitions of others; a header may leave them out. */
  readonly partitions: readonly string[]
  /** It runs code that may create more: a DO block, or a query that calls who knows what. */
  readonly runsCode: boolean
}

type Tree = Awaited<ReturnType<typeof splitStatements>>[number]['tree']

/**
 * Reads a script by PostgreSQL's own grammar. Temporary tables don't count, nor what the script drops again.
 * Rejects with the parser's error where PostgreSQL would refuse the script too.
 */
export async function createdTables(script: string): Promise<CreatedTables> {
  const tables = new Set<string>()
  const partitions = new Set<string>()
  let runsCode = false
  for (const { tree } of await splitStatements(script)) {
    const created = createdBy(tree)
    if (created !== undefined) tables.add(created)
    if (created !== undefined && 'CreateStmt' in tree && tree.CreateStmt.partbound) partitions.add(created)
    for (const dropped of droppedBy(tree)) tables.delete(dropped)
    const [before, after] = renamedBy(tree) ?? []
    if (before !== undefined && after !== undefined && tables.delete(before)) tables.add(after)
    runsCode ||= 'DoStmt' in tree || 'SelectStmt' in tree || 'CallStmt' in tree
  }
  return { tables: [...tables], partitions: [...partitions].filter((name) => tables.has(name)), runsCode }
}

function createdBy(tree: Tree): string | undefined {
  if ('CreateStmt' in tree) return lasting(tree.CreateStmt.relation)
  if ('CreateTableAsStmt' in tree && tree.CreateTableAsStmt.objtype === 'OBJECT_TABLE')
    return lasting(tree.CreateTableAsStmt.into?.rel)
  return undefined
}

const lasting = (relation: { relname?: string; relpersistence?: string } | undefined) =>
  relation?.relpersistence === 't' ? undefined : relation?.relname

function droppedBy(tree: Tree): readonly string[] {
  if (!('DropStmt' in tree) || tree.DropStmt.removeType !== 'OBJECT_TABLE') return []
  return (tree.DropStmt.objects ?? []).flatMap((object) => {
    if (!('List' in object)) return []
    const last = object.List.items?.at(-1)
    return last && 'String' in last && last.String.sval !== undefined ? [last.String.sval] : []
  })
}

function renamedBy(tree: Tree): readonly [string, string] | undefined {
  if (!('RenameStmt' in tree) || tree.RenameStmt.renameType !== 'OBJECT_TABLE') return undefined
  const { relation, newname } = tree.RenameStmt
  return relation?.relname !== undefined && newname !== undefined ? [relation.relname, newname] : undefined
}
