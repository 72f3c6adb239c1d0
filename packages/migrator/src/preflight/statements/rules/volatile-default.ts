import type { Node } from 'libpg-query'
import { bytes, count } from '../../words.ts'
import { columnsAdded } from '../commands.ts'
import type { Rule } from '../danger.ts'
import { functionsIn } from '../functions.ts'

/** A default that is another for each row, or a generated column, has to be written into every row. */
export const volatileDefault: Rule = (tree, setting) =>
  columnsAdded(tree).flatMap(({ relation, column, serial, constraints }) => {
    const table = setting.table(relation)
    const cause = serial
      ? 'a sequence'
      : constraints.map((each) => causeIn(each, setting.isVolatile)).find(Boolean)
    if (!table?.big || !cause) return []
    return [
      {
        rule: 'volatile-default',
        status: 'warning' as const,
        what: `Nobody can read or write ${table.name} while ${column} is written into its ${count(table.rows, 'row')} (${bytes(table.bytes)}).`,
        why: `Its value comes from ${cause}, so the table is rewritten under ACCESS EXCLUSIVE; a constant default is not.`,
        fix: 'Add the column without a default, SET DEFAULT for new rows, and fill the old ones in batches.',
      },
    ]
  })

function causeIn(constraint: Node, isVolatile: (name: string) => boolean): string | undefined {
  if (!('Constraint' in constraint)) return undefined
  const { contype, raw_expr: expression } = constraint.Constraint
  if (contype === 'CONSTR_GENERATED') return 'a generation expression'
  if (contype === 'CONSTR_IDENTITY') return 'a sequence'
  const volatile = contype === 'CONSTR_DEFAULT' && functionsIn(expression).find(isVolatile)
  return volatile ? `${volatile}(), which is another for each row` : undefined
}
