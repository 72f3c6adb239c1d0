import { count } from '../../words.ts'
import { commandsOf } from '../commands.ts'
import type { Rule } from '../danger.ts'

/** A check or a foreign key that is added whole reads all rows under its lock. */
export const constraintScan: Rule = (tree, setting) =>
  commandsOf(tree).flatMap(({ relation, command }) => {
    const { def } = command
    if (command.subtype !== 'AT_AddConstraint' || !def || !('Constraint' in def)) return []
    const { contype, skip_validation: notValid, conname } = def.Constraint
    const table = setting.table(relation)
    if (!table?.big || notValid || (contype !== 'CONSTR_FOREIGN' && contype !== 'CONSTR_CHECK')) return []
    const isKey = contype === 'CONSTR_FOREIGN'
    return [
      {
        rule: 'constraint-scan',
        status: 'warning' as const,
        what: `Nobody can ${isKey ? 'write to' : 'read or write'} ${table.name}${isKey ? ' or the table that it refers to' : ''} while its ${count(table.rows, 'row')} are checked${conname ? ` for ${conname}` : ''}.`,
        why: `A constraint is checked under ${isKey ? 'SHARE ROW EXCLUSIVE' : 'ACCESS EXCLUSIVE'} when it is added whole.`,
        fix: 'Add it NOT VALID, and VALIDATE CONSTRAINT in the next migration: that lets everybody read and write.',
      },
    ]
  })
