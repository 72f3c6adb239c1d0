import { formatRef, type History, type Revision } from '../history/revision.ts'
import type { Finding } from './findings.ts'

/** All histories as one directed acyclic graph. */
export interface Graph {
  /** Every revision after all that it revises and depends on; else in the catalog's order, then by name. */
  readonly order: readonly Revision[]
  readonly findings: readonly Finding[]
}

/** Builds the graph of the histories; what is wrong with it comes as findings, and the order is then partial. */
export function makeGraph(histories: readonly History[]): Graph {
  const byRef = new Map<string, Revision>()
  const findings: Finding[] = histories.flatMap(duplicates)
  for (const revision of histories.flatMap(({ revisions }) => revisions)) byRef.set(refOf(revision), revision)

  const order: Revision[] = []
  const state = new Map<Revision, 'open' | 'done'>()
  const known = new Set(histories.map(({ database }) => database))

  // An explicit stack: a history of ten thousand revisions is deeper than JavaScript's own.
  const visit = (root: Revision) => {
    const stack: { revision: Revision; needs: Iterator<string> }[] = []
    const open = (revision: Revision) => {
      state.set(revision, 'open')
      stack.push({ revision, needs: needsOf(revision)[Symbol.iterator]() })
    }
    open(root)
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const next = top.needs.next()
      if (next.done) {
        state.set(top.revision, 'done')
        order.push(top.revision)
        stack.pop()
        continue
      }
      const need = byRef.get(next.value)
      if (!need) {
        if (known.has(databaseOf(next.value))) findings.push(unknownParent(top.revision, next.value))
      } else if (state.get(need) === 'open') {
        findings.push(
          cycle(
            stack.map(({ revision }) => revision),
            need,
          ),
        )
      } else if (!state.has(need)) {
        open(need)
      }
    }
  }
  for (const { revisions } of histories) {
    for (const revision of revisions) if (!state.has(revision)) visit(revision)
  }
  return { order, findings }
}

/** Ids of the revisions that none in the same history revises. */
export function headsOf(revisions: readonly Revision[]): readonly string[] {
  const parents = new Set(revisions.flatMap((revision) => revision.parents))
  return revisions.filter((revision) => !parents.has(revision.id)).map(({ id }) => id)
}

export const refOf = (revision: Revision): string =>
  formatRef({ database: revision.database, id: revision.id })

/** What must be applied before a revision, as `database@id`. */
export const needsOf = (revision: Revision): readonly string[] => [
  ...revision.parents.map((id) => formatRef({ database: revision.database, id })),
  ...revision.dependsOn.map(formatRef),
]

const databaseOf = (ref: string) => ref.slice(0, ref.lastIndexOf('@'))

function duplicates({ database, revisions }: History): Finding[] {
  const groups = Map.groupBy(revisions, ({ id }) => id)
  return [...groups]
    .filter(([, group]) => group.length > 1)
    .map(([id, group]) => ({
      kind: 'duplicate-revision',
      database,
      id,
      paths: group.map(({ path }) => path),
    }))
}

const unknownParent = (revision: Revision, parent: string): Finding => ({
  kind: 'unknown-parent',
  database: revision.database,
  revision: revision.name,
  parent,
})

function cycle(path: readonly Revision[], again: Revision): Finding {
  const circle = [...path.slice(path.indexOf(again)), again]
  return { kind: 'cycle', database: again.database, revisions: circle.map(refOf) }
}
