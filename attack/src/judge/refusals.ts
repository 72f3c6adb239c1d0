import type { Refused, Written } from '../book.ts'
import { tableNamed } from '../place/tables.ts'
import type { Scene } from '../work/scene.ts'
import type { Living, Verdict } from './verdict.ts'
import type { Violation } from './violation.ts'

/** Somebody whom a write named. */
interface Named {
  readonly id: string
  readonly wasThroughout: boolean
}

/**
 * Writes that were refused for somebody who was there throughout: who is there now, was never revived since, and whom
 * no crash can have brought back.
 */
export function findFalseRefusals(scene: Scene, living: Living): Verdict {
  const { book } = scene
  const violations = book.refused.flatMap((refused): Violation[] => {
    const falsely = falselyAccused(scene, refused, living)
    if (falsely.length === 0) return []
    const what = `a write of ${refused.rows[0]?.table} was refused, since ${falsely.join(', ')} should be missing`
    return [{ kind: 'false-refusal', what, history: falsely.flatMap((id) => book.historyOf(id)) }]
  })
  return { checked: { 'refusals for somebody missing': book.refused.length }, violations }
}

function falselyAccused(scene: Scene, { rows, missing }: Refused, living: Living): readonly string[] {
  const named = rows.flatMap((row) => namedBy(scene, row, living))
  const accused = missing.length === 0 ? named : named.filter(({ id }) => missing.includes(id))
  const innocent = accused.filter(({ wasThroughout }) => wasThroughout)
  // Where it wasn't said who is missing, it may have been any one of them.
  const isFalse = missing.length > 0 || innocent.length === accused.length
  return isFalse ? innocent.map(({ id }) => id) : []
}

const namedBy = ({ people }: Scene, { table, values, lives }: Written, living: Living): readonly Named[] =>
  tableNamed(table).columns.flatMap(({ target }, index) => {
    const id = values[index] ?? null
    if (id === null) return []
    const person = people.find(target, id)
    const isSame = person !== undefined && person.life === lives[index] && !person.mayHaveBlinked
    return [{ id, wasThroughout: isSame && living[target].has(id) }]
  })
