import type { Change } from './change.ts'
import type { Desired } from './desired.ts'

/**
 * A trigger with a condition keeps its column from being dropped or given another type. So before a script that
 * failed for that, the triggers of the tables that it names stand aside; of all tables, when it names none.
 * Whoever asks puts them back in the same transaction.
 * @param all false when it isn't known whether the script needs any of that
 */
export function inTheWay(
  { triggers }: Desired,
  script: string,
  { all = true }: { readonly all?: boolean } = {},
): readonly Extract<Change, { kind: 'trigger left over' }>[] {
  const conditional = triggers.filter(({ when }) => when !== undefined)
  const named = conditional.filter(({ relation }) => script.includes(relation.name))
  return (all && named.length === 0 ? conditional : named).map(({ name, relation }) => ({
    kind: 'trigger left over',
    trigger: { name, relation },
  }))
}
