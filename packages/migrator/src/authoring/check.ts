import { join } from 'node:path'
import { readHeader } from '@manybase/schema-engine/script'
import { checksum } from '../history/checksum.ts'
import { type History, parentIds, parseRef, type Revision, revisionId } from '../history/revision.ts'
import { planBlocked } from '../plan/failures.ts'
import { makeGraph } from '../plan/graph.ts'
import { checkNameOrder } from '../plan/name-order.ts'
import { unknownDatabases } from '../plan/unknown-databases.ts'
import type { NewRevision } from './write.ts'

/**
 * Refuses revisions that a plan would refuse once they are on disk: unknown parents, cycles, ids that are
 * taken, names that sort before what they need.
 * @throws `plan.*`
 */
export function assertGraph(histories: readonly History[], added: readonly NewRevision[]): void {
  const grown = histories.map((history) => withRevisions(history, added))
  const [finding, ...others] = [
    ...makeGraph(grown).findings,
    ...grown.flatMap(({ revisions }) =>
      unknownDatabases(
        revisions,
        grown.map(({ database }) => database),
      ),
    ),
    ...grown.flatMap(checkNameOrder),
  ]
  if (finding) throw planBlocked([finding, ...others])
}

/** A history as it will be read when the new revisions are there. */
function withRevisions(history: History, added: readonly NewRevision[]): History {
  const own = added.filter(({ database }) => database === history.database)
  const names = [...history.revisions.map(({ name }) => name), ...own.map(({ name }) => name)].sort()
  const before = (name: string) => names[names.indexOf(name) - 1]
  const revisions = [...history.revisions, ...own.map((each) => asRevision(each, before(each.name)))]
  return { ...history, revisions: revisions.sort((a, b) => (a.name < b.name ? -1 : 1)) }
}

function asRevision({ database, migrations, name, up }: NewRevision, previous: string | undefined): Revision {
  const { revises, dependsOn } = readHeader(up)
  return {
    database,
    id: revisionId(name),
    name,
    path: join(migrations, name),
    parents: parentIds(revises, previous === undefined ? undefined : revisionId(previous)),
    dependsOn: dependsOn.map((text) => parseRef(text, database)),
    script: up,
    checksum: checksum(up),
  }
}
