import { relative } from 'node:path'
import { formatRef, type Revision } from '../history/revision.ts'
import { descriptionOf, titleOf } from '../history/title.ts'
import type { RevisionNode } from '../plan/graph.ts'
import type { Situation } from '../plan/situation.ts'

/** What is said of a revision apart from itself. */
export interface RevisionView {
  /** The folder that paths are shown from. */
  readonly root: string
  /** Names the database, where Alembic has the branch label. */
  readonly labelled: boolean
  /** Marks what is current; where nobody asked the server, nothing is. */
  readonly current: ReadonlySet<RevisionNode>
}

export const viewOf = (root: string, { selected }: Situation, current: readonly RevisionNode[] = []) => ({
  root,
  labelled: selected.length > 1,
  current: new Set(current),
})

/** `003 -> 004 (head), Generated content`, as Alembic's history has it. */
export function renderLine(node: RevisionNode, view: RevisionView): string {
  const { revision } = node
  const depends = revision.dependsOn.length > 0 ? ` (${revision.dependsOn.map(formatRef).join(', ')})` : ''
  return `${parentsOf(revision)}${depends} -> ${renderHead(node, view)}, ${titleOf(revision)}`
}

/** `004 (socrates_specs) (head) (current)`, and what it is to the tree. */
export const renderHead = (node: RevisionNode, view: RevisionView): string =>
  [renderName(node, view), ...treeMarksOf(node)].join(' ')

/** The same without the tree. */
export const renderName = (node: RevisionNode, view: RevisionView): string =>
  [
    node.revision.id,
    ...(view.labelled ? [`(${node.revision.database})`] : []),
    ...placeMarksOf(node, view),
  ].join(' ')

/** All that is known of a revision, in lines. */
export function renderEntry(node: RevisionNode, view: RevisionView, more: readonly string[] = []): string[] {
  const { revision } = node
  return [
    ['Rev:', revision.id, ...placeMarksOf(node, view), ...treeMarksOf(node)].join(' '),
    `Database: ${revision.database}`,
    `${node.parents.length > 1 ? 'Merges' : 'Parent'}: ${parentsOf(revision)}`,
    ...(revision.dependsOn.length > 0
      ? [`Also depends on: ${revision.dependsOn.map(formatRef).join(', ')}`]
      : []),
    ...(node.children.length > 1 ? [`Branches into: ${idsOf(node.children).join(', ')}`] : []),
    `Path: ${relative(view.root, revision.path)}`,
    ...more,
    '',
    ...(descriptionOf(revision).length > 0 ? descriptionOf(revision) : [titleOf(revision)]).map((line) =>
      line === '' ? '' : `    ${line}`,
    ),
    '',
  ]
}

/** The same for machines. `current` is null where nobody asked the server. */
export const revisionToJson = (node: RevisionNode, root: string, current: boolean | null) => ({
  database: node.revision.database,
  revision: node.revision.id,
  name: node.revision.name,
  title: titleOf(node.revision),
  parents: node.revision.parents,
  dependsOn: node.revision.dependsOn.map(formatRef),
  head: node.children.length === 0,
  branchPoint: node.children.length > 1,
  mergePoint: node.parents.length > 1,
  current,
  path: relative(root, node.revision.path),
})

const placeMarksOf = (node: RevisionNode, view: RevisionView): string[] => [
  ...(node.children.length === 0 ? ['(head)'] : []),
  ...(view.current.has(node) ? ['(current)'] : []),
]

const treeMarksOf = (node: RevisionNode): string[] => [
  ...(node.children.length > 1 ? ['(branchpoint)'] : []),
  ...(node.parents.length > 1 ? ['(mergepoint)'] : []),
]

const parentsOf = ({ parents }: Revision): string => (parents.length > 0 ? parents.join(', ') : '<base>')

const idsOf = (nodes: readonly RevisionNode[]): readonly string[] => nodes.map(({ revision }) => revision.id)
