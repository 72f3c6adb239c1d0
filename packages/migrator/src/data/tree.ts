/** A node of PostgreSQL's grammar, looked at by the names of its fields alone. */
type Fields = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null

/** Every node of one kind below `tree`. */
export function nodesOf(tree: unknown, kind: string): readonly Fields[] {
  if (!isObject(tree)) return []
  const found = tree[kind]
  return [
    ...(isObject(found) ? [found] : []),
    ...Object.values(tree).flatMap((child) => nodesOf(child, kind)),
  ]
}

/** What the columns are called that are named anywhere below `tree`. */
export const columnsNamed = (tree: unknown): ReadonlySet<string> =>
  new Set(nodesOf(tree, 'ColumnRef').flatMap(({ fields }) => lastName(fields)))

/** What the results are called: `AS name`, or the column's own name. */
export const resultNames = (targets: unknown): readonly string[] =>
  (Array.isArray(targets) ? targets : []).flatMap((target) => {
    const result: unknown = isObject(target) ? target.ResTarget : undefined
    if (!isObject(result)) return []
    if (typeof result.name === 'string') return [result.name]
    const value: unknown = isObject(result.val) ? result.val.ColumnRef : undefined
    return isObject(value) ? lastName(value.fields) : []
  })

function lastName(fields: unknown): readonly string[] {
  const last: unknown = Array.isArray(fields) ? fields.at(-1) : undefined
  const name: unknown = isObject(last) && isObject(last.String) ? last.String.sval : undefined
  return typeof name === 'string' ? [name] : []
}
