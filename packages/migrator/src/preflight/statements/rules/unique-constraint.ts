import { count } from '../../words.ts'
import { commandsOf } from '../commands.ts'
import type { Rule } from '../danger.ts'

/** A key or an exclusion constraint builds its index while nobody can read the table. */
export const uniqueConstraint: Rule = (tree, setting) =>
  commandsOf(tree).flatMap(({ relation, command }) => {
    const { def } = command
    if (command.subtype !== 'AT_AddConstraint' || !def || !('Constraint' in def)) return []
    const { contype, indexname } = def.Constraint
    const table = setting.table(relation)
    if (!table?.big || indexname !== undefined || !/^CONSTR_(UNIQUE|PRIMARY|EXCLUSION)$/.test(contype ?? ''))
      return []
    return [
      {
        rule: 'unique-constraint',
        status: 'warning' as const,
        what: `Nobody can read or write ${table.name} while an index is built over its ${count(table.rows, 'row')}.`,
        why: 'ADD CONSTRAINT builds the index of a key under ACCESS EXCLUSIVE.',
        fix: 'CREATE UNIQUE INDEX CONCURRENTLY in a script of its own, then ADD CONSTRAINT … USING INDEX.',
      },
    ]
  })
