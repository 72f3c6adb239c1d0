import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** One revision of the history that is planned; its name order is an order of work. */
export interface Node {
  readonly id: string
  readonly parents: readonly string[]
}

const [branchEvery, branchLength] = [100, 10]

/** A line with a branch of ten revisions at every hundredth, which is merged again, as long-lived histories have them. */
export function makeGraph(size: number): readonly Node[] {
  const idAt = (index: number) => String(index + 1).padStart(6, '0')
  return Array.from({ length: size }, (_, index) => {
    const id = idAt(index)
    const place = index % branchEvery
    if (index === 0) return { id, parents: [] }
    // The branch begins beside the revision before it, and its end is merged into what comes next.
    if (place === branchLength && index > branchLength) return { id, parents: [idAt(index - branchLength)] }
    if (place === 2 * branchLength) return { id, parents: [idAt(index - branchLength - 1), idAt(index - 1)] }
    return { id, parents: [idAt(index - 1)] }
  })
}

/** Statements about as long as those of an ordinary migration. */
const sqlOf = (id: string) =>
  [1, 2, 3, 4].map((n) => `CREATE TABLE t${id}_${n} (id uuid PRIMARY KEY, name text NOT NULL);`).join('\n')

/** Writes the graph as a history of ours: a folder with a script for each revision. */
export function writeHistory(folder: string, graph: readonly Node[]): void {
  for (const { id, parents } of graph) {
    const directory = join(folder, `${id}_step`)
    mkdirSync(directory, { recursive: true })
    const header = parents.length > 0 ? `-- revises: ${parents.join(', ')}\n` : ''
    writeFileSync(join(directory, 'migration.sql'), `${header}${sqlOf(id)}\n`)
  }
}

/** Writes the same graph as Alembic's scripts. */
export function writeAlembic(folder: string, graph: readonly Node[]): void {
  const versions = join(folder, 'versions')
  mkdirSync(versions, { recursive: true })
  for (const { id, parents } of graph) {
    const [first, ...others] = parents.map((parent) => JSON.stringify(parent))
    const down = others.length > 0 ? `(${[first, ...others].join(', ')})` : (first ?? 'None')
    const sql = sqlOf(id).replaceAll('\n', '\n    ')
    const script = `from alembic import op

revision = "${id}"
down_revision = ${down}


def upgrade():
    op.execute("""${sql}""")
`
    writeFileSync(join(versions, `${id}_step.py`), script)
  }
}
