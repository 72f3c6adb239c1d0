import type { RevisionNode } from '../plan/graph.ts'
import type { DatabaseState } from '../plan/state.ts'
import type { DataStep } from '../plan/step.ts'
import type { ProgressReader } from './facts.ts'
import { dataMissing, dataNotApplied } from './failures.ts'
import { type DataStatus, dataStatuses, isLeft } from './status.ts'

/** All data migrations of these databases, with where they stand. */
export async function readDataStatuses(
  states: readonly DatabaseState[],
  read: ProgressReader,
): Promise<readonly DataStatus[]> {
  const found = await Promise.all(
    states.map(async (state) => {
      // A history without data migrations is asked for nothing.
      const files = dataStatuses(state, [])
      return files.length === 0 ? [] : dataStatuses(state, await read(state.database))
    }),
  )
  return found.flat()
}

/**
 * The steps that do what is left of these revisions' data migrations, or of all that are applied.
 * @param anew also what is complete
 * @throws `data.missing`, `data.not-applied` for a revision that is named
 */
export function chooseSteps(
  statuses: readonly DataStatus[],
  nodes: readonly RevisionNode[] | undefined,
  anew: boolean,
): readonly DataStep[] {
  if (!nodes) return statuses.filter(isLeft).map(toStep)
  const named = nodes.map(({ revision }) => {
    const status = statuses.find(
      (each) => each.revision.name === revision.name && each.database === revision.database,
    )
    const at = { database: revision.database, revision: revision.name }
    if (!status) throw dataMissing(at)
    if (status.state === 'waiting') throw dataNotApplied(at)
    return status
  })
  return named.filter((status) => isLeft(status) || (anew && status.state === 'complete')).map(toStep)
}

const toStep = ({ database, revision }: DataStatus): DataStep => ({
  kind: 'data',
  database,
  revision,
  needs: [],
})
