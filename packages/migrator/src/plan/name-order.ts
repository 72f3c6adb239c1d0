import type { History } from '../history/revision.ts'
import type { Finding } from './findings.ts'
import { makeGraph } from './graph.ts'

/**
 * Whether the names of a history sort each revision after all that it needs in the same history. Prisma
 * applies by name, also to the shadow database. No plan is blocked by this: steps follow the graph, so the
 * databases that exist can be mended before the directories are; who makes or verifies a history asks.
 */
export function checkNameOrder(history: History): readonly Finding[] {
  return makeGraph([history]).nodes.flatMap(({ revision, index, needs }) =>
    needs
      .filter((need) => need.index > index)
      .map((need) => ({
        kind: 'name-order' as const,
        database: history.database,
        revision: revision.name,
        needs: need.revision.name,
        paths: [revision.path, need.revision.path],
      })),
  )
}
