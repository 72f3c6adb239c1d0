import { isListSource } from '../catalog/sources/source.ts'
import { dependenciesOnLists } from '../fleet/dependencies.ts'
import { type Unit, unitsOf } from '../fleet/units.ts'
import { readHistory } from '../history/read.ts'
import { planBlocked } from '../plan/failures.ts'
import { type Context, findTargets } from './context.ts'

/**
 * The selected databases as units of work.
 * @throws `plan.dependency-on-list`, and as `findTargets`
 */
export async function findUnits(context: Context, only?: readonly string[]): Promise<readonly Unit[]> {
  const { databases } = context.catalog
  const targets = await findTargets(context, only)
  if (databases.some(({ source }) => isListSource(source))) {
    const histories = targets.filter(({ membership }) => !membership).map(readHistory)
    const [finding, ...others] = dependenciesOnLists(databases, histories)
    if (finding) throw planBlocked([finding, ...others])
  }
  return unitsOf(targets)
}
