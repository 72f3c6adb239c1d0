import type { Revision } from '../history/revision.ts'
import { makeGraph } from './graph.ts'

/** Revisions of one history, each after all that it needs. */
export function inOrder(revisions: readonly Revision[]): readonly Revision[] {
  const [first] = revisions
  const { nodes } = makeGraph([{ database: first?.database ?? '', revisions }])
  return [...nodes].sort((a, b) => a.rank - b.rank).map(({ revision }) => revision)
}
