import { type Found, found } from './found.ts'
import type { RevisionNode } from './graph.ts'
import { baseNodes, type Situation } from './situation.ts'
import type { RevisionTarget } from './target.ts'

/** A place in a history; below its bases there is `base`. */
export type Place = RevisionNode | 'base'

/** What to do where a history ends before the steps do. */
export type Overlong = 'refuse' | 'stop'

/** Walks a target's steps along a history, up through children or down through parents. */
export function walk(
  situation: Situation,
  target: RevisionTarget,
  database: string,
  start: Place,
  overlong: Overlong = 'refuse',
): Found<Place> {
  const steps = target.steps ?? 0
  let place = start
  for (let done = 0; done < Math.abs(steps); done++) {
    const next = steps > 0 ? above(situation, database, place) : below(place)
    const [only, ...others] = next
    if (only === undefined && overlong === 'stop') return found(place)
    if (only === undefined) return { ...tooFar(target, database, start), available: done }
    if (others.length > 0) {
      return {
        kind: 'relative-ambiguous',
        database,
        target: target.text,
        at: nameOf(place),
        choices: next.map(nameOf),
      }
    }
    place = only
  }
  return found(place)
}

const above = (situation: Situation, database: string, place: Place): readonly Place[] =>
  place === 'base' ? baseNodes(situation, database) : place.children

function below(place: Place): readonly Place[] {
  if (place === 'base') return []
  return place.parents.length > 0 ? place.parents : ['base']
}

const tooFar = (target: RevisionTarget, database: string, start: Place) => ({
  kind: 'relative-too-far' as const,
  database,
  target: target.text,
  from: nameOf(start),
})

export const nameOf = (place: Place): string => (place === 'base' ? place : place.revision.id)
