/** What is kept of a plan: enough to tell whether another one is the same, and what makes it worse. */
export interface QueryPlan {
  /** PostgreSQL's estimate, in its own unit. */
  readonly cost: number
  readonly rows: number
  /** A line for each node, indented below its parent: `  Index Scan using users_email on users`. */
  readonly shape: readonly string[]
  /** Tables that are read from beginning to end. */
  readonly scanned: readonly string[]
}

type Json = Readonly<Record<string, unknown>>

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null

/** Takes what `EXPLAIN (FORMAT JSON)` answers. @throws TypeError for anything else */
export function readPlan(answer: unknown): QueryPlan {
  const [first]: unknown[] = Array.isArray(answer) ? answer : []
  const root = isJson(first) ? first.Plan : undefined
  if (!isJson(root)) throw new TypeError('EXPLAIN gave no plan')
  const shape = linesOf(root, 0)
  return {
    cost: Number(root['Total Cost']),
    rows: Number(root['Plan Rows']),
    shape,
    scanned: [
      ...new Set(shape.flatMap((line) => /^\s*(?:Parallel )?Seq Scan on (\S+)/.exec(line)?.[1] ?? [])),
    ],
  }
}

function linesOf(node: Json, depth: number): readonly string[] {
  const children = Array.isArray(node.Plans) ? node.Plans.filter(isJson) : []
  return [`${'  '.repeat(depth)}${describe(node)}`, ...children.flatMap((child) => linesOf(child, depth + 1))]
}

function describe(node: Json): string {
  const text = (key: string): string => (typeof node[key] === 'string' ? node[key] : '')
  const parallel = node['Parallel Aware'] === true ? 'Parallel ' : ''
  const join = ['', 'Inner'].includes(text('Join Type')) ? '' : ` (${text('Join Type')})`
  const index = text('Index Name') && ` using ${text('Index Name')}`
  const relation = text('Relation Name') && ` on ${text('Relation Name')}`
  const operation = text('Operation') && ` ${text('Operation')}`
  return `${parallel}${text('Node Type')}${operation}${join}${index}${relation}`
}
