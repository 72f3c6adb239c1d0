import { count } from '../../words.ts'
import { commandsOf } from '../commands.ts'
import type { Rule } from '../danger.ts'
import { relationOf } from '../names.ts'

/** What takes rows or values away; nothing but a backup brings them back. */
export const losing: Rule = (tree, setting) => {
  if ('DropStmt' in tree && tree.DropStmt.removeType === 'OBJECT_TABLE') {
    return (tree.DropStmt.objects ?? []).flatMap((each) => {
      const table = setting.table(relationOf(each))
      return table?.filled ? [loses(`the table ${table.name} with ${count(table.rows, 'row')}`)] : []
    })
  }
  if ('TruncateStmt' in tree) {
    return (tree.TruncateStmt.relations ?? []).flatMap((each) => {
      const table = 'RangeVar' in each ? setting.table(each.RangeVar) : undefined
      return table?.filled ? [loses(`the ${count(table.rows, 'row')} of ${table.name}`)] : []
    })
  }
  return commandsOf(tree).flatMap(({ relation, command }) => {
    const table = command.subtype === 'AT_DropColumn' ? setting.table(relation) : undefined
    return table?.filled ? [loses(`the column ${command.name} of ${table.name}, which has rows`)] : []
  })
}

const loses = (what: string) => ({
  rule: 'losing',
  status: 'warning' as const,
  what: `This takes away ${what}.`,
  why: 'A down.sql makes it again empty, and a version of the application that still reads it fails.',
  fix: 'Deploy an application that no longer uses it first, and back up: the data come back from there alone.',
})
