import type { Rule } from './danger.ts'
import { constraintScan } from './rules/constraint-scan.ts'
import { indexBlocking } from './rules/index-blocking.ts'
import { losing } from './rules/losing.ts'
import { renaming } from './rules/renaming.ts'
import { requiredWithoutValue, setRequired } from './rules/required.ts'
import { rewriting } from './rules/rewriting.ts'
import { typeChange } from './rules/type-change.ts'
import { uniqueConstraint } from './rules/unique-constraint.ts'
import { volatileDefault } from './rules/volatile-default.ts'
import { wholeTable } from './rules/whole-table.ts'

/** What is looked for in each statement, in the order in which it is said. */
export const rules: readonly Rule[] = [
  requiredWithoutValue,
  indexBlocking,
  uniqueConstraint,
  constraintScan,
  setRequired,
  typeChange,
  volatileDefault,
  rewriting,
  wholeTable,
  losing,
  renaming,
]
