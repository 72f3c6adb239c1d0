import type { Catalog } from '../catalog/catalog.ts'
import { findDatabase } from '../catalog/catalog.ts'
import { readHistory } from '../history/read.ts'
import type { RevisionNode } from '../plan/graph.ts'
import { assertGraph } from './check.ts'
import { notHeads } from './failures.ts'
import { renderHeader } from './header.ts'
import { nextId, slugOf } from './name.ts'
import { writeRevisions } from './write.ts'

/** The revision that a merge has written. */
export interface Merged {
  readonly database: string
  readonly name: string
  readonly path: string
  readonly parents: readonly string[]
}

/**
 * Writes the revision that names several heads of one history as its parents. It changes nothing by itself.
 * @throws `merge.not-heads`, `create.message`, `plan.*`
 */
export function mergeHeads(
  catalog: Catalog,
  nodes: readonly RevisionNode[],
  message = `merge ${nodes.map(({ revision }) => revision.id).join(' and ')}`,
): Merged {
  const heads = [...new Set(nodes)]
  const [first, ...others] = heads
  const apart = others.some(({ revision }) => revision.database !== first?.revision.database)
  const revised = heads.filter(({ children }) => children.length > 0)
  if (!first || others.length === 0 || apart || revised.length > 0) {
    throw notHeads({ revisions: heads.map(({ ref }) => ref), revised: revised.map(({ ref }) => ref) })
  }
  const { database } = first.revision
  const { migrations } = findDatabase(catalog, database)
  const histories = catalog.databases.map(readHistory)
  const name = `${nextId(catalog.revisions, histories, database, { now: new Date() })}_${slugOf(message)}`
  const parents = heads.map(({ revision }) => revision.id)
  const revision = {
    database,
    migrations,
    name,
    up: renderHeader({ title: message, revises: parents, database }),
    down: `-- Undoes ${name}: nothing but the merge itself.\n`,
  }
  assertGraph(histories, [revision])
  const [path = ''] = writeRevisions([revision])
  return { database, name, path, parents }
}
