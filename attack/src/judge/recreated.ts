import type { Scene } from '../work/scene.ts'
import type { Living, Verdict } from './verdict.ts'
import type { Violation } from './violation.ts'

/** Ids that are there although their deletion was confirmed, durably, and nobody has revived them since. */
export function findRecreated({ people, book }: Scene, living: Living): Verdict {
  const gone = [...people.all()].filter(({ state, mayHaveBlinked }) => state === 'gone' && !mayHaveBlinked)
  return {
    checked: { 'deleted for good': gone.length },
    violations: gone
      .filter(({ target, id }) => living[target].has(id))
      .map(
        ({ target, id }): Violation => ({
          kind: 'recreated',
          what: `${target} ${id} is there again after its deletion`,
          history: book.historyOf(id),
        }),
      ),
  }
}
