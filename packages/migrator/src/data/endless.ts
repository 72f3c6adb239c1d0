import type { BatchForm, Command } from './form.ts'
import { columnsNamed, nodesOf, resultNames } from './tree.ts'

/**
 * Why a statement may find the same rows again and again, as far as that can be read from it. With a cursor, it
 * is the cursor that moves on; without one, a row that was handled must no longer be found.
 */
export function neverEnds(
  command: Command,
  form: BatchForm,
  fields: Readonly<Record<string, unknown>>,
): string | undefined {
  if (form !== 'shrinking') return undefined
  if (command === 'update') return unchanged(fields)
  return command === 'insert' ? unheeded(fields) : undefined
}

/** An UPDATE none of whose columns decides over what is found. */
function unchanged({ targetList, ...rest }: Readonly<Record<string, unknown>>): string | undefined {
  const looksAt = columnsNamed(rest)
  const sets = resultNames(targetList)
  if (sets.some((column) => looksAt.has(column))) return undefined
  return `it sets ${sets.join(', ')}, and nothing that it looks for says so, so it finds the same rows again`
}

/** An INSERT that doesn't look whether its rows are there. */
function unheeded({ relation, selectStmt, onConflictClause }: Readonly<Record<string, unknown>>) {
  if (onConflictClause !== undefined) {
    return 'what ON CONFLICT passes over is found again: leave such rows out with NOT EXISTS, or use :cursor'
  }
  const target =
    typeof relation === 'object' && relation !== null && 'relname' in relation ? relation.relname : undefined
  if (nodesOf(selectStmt, 'RangeVar').some(({ relname }) => relname === target)) return undefined
  return `it doesn't look into ${target}, so it inserts the same rows again`
}
