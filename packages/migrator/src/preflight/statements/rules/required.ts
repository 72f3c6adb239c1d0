import { count } from '../../words.ts'
import { columnsAdded, commandsOf } from '../commands.ts'
import type { Rule } from '../danger.ts'

/** SET NOT NULL reads all rows while nobody else can, unless a check has made sure before. */
export const setRequired: Rule = (tree, setting) =>
  commandsOf(tree).flatMap(({ relation, command }) => {
    if (command.subtype !== 'AT_SetNotNull') return []
    const table = setting.table(relation)
    const column = table?.columns.get(command.name ?? '')
    if (!table?.big || column?.required || column?.checkedNotNull) return []
    return [
      {
        rule: 'set-required',
        status: 'warning' as const,
        what: `Nobody can read or write ${table.name} while its ${count(table.rows, 'row')} are searched for a null in ${command.name}.`,
        why: 'SET NOT NULL reads the whole table under ACCESS EXCLUSIVE, and fails at the first null.',
        fix: `ADD CONSTRAINT … CHECK (${command.name} IS NOT NULL) NOT VALID, then VALIDATE CONSTRAINT in the next migration; with that SET NOT NULL takes a moment.`,
      },
    ]
  })

/** A column that must have a value and has nothing to give to the rows that are there. */
export const requiredWithoutValue: Rule = (tree, setting) =>
  columnsAdded(tree).flatMap(({ relation, column, kinds }) => {
    const table = setting.table(relation)
    const given = kinds.some((kind) =>
      ['CONSTR_DEFAULT', 'CONSTR_IDENTITY', 'CONSTR_GENERATED'].includes(kind),
    )
    if (!table?.filled || given || !kinds.includes('CONSTR_NOTNULL')) return []
    return [
      {
        rule: 'required-without-value',
        status: 'failed' as const,
        what: `${table.name} has rows, and the new column ${column} is required and has no default.`,
        why: 'ADD COLUMN … NOT NULL fails where a row would be left without a value (SQLSTATE 23502).',
        fix: 'Give it a default; or add it without NOT NULL, fill it, then SET NOT NULL.',
      },
    ]
  })
