import type { TypeName } from 'libpg-query'
import { bytes, count } from '../../words.ts'
import { commandsOf } from '../commands.ts'
import type { Rule } from '../danger.ts'
import { partsOf } from '../names.ts'

/** Another type writes a table and its indexes anew, while nobody can read it. */
export const typeChange: Rule = (tree, setting) =>
  commandsOf(tree).flatMap(({ relation, command }) => {
    if (command.subtype !== 'AT_AlterColumnType' || !command.def || !('ColumnDef' in command.def)) return []
    const table = setting.table(relation)
    const { typeName, raw_default: using } = command.def.ColumnDef
    const before = table?.columns.get(command.name ?? '')?.type
    if (!table?.big || (!using && before !== undefined && keepsRows(before, typeName))) return []
    return [
      {
        rule: 'type-change',
        status: 'warning' as const,
        what: `Nobody can read or write ${table.name} while its ${count(table.rows, 'row')} (${bytes(table.bytes)}) are written anew for ${command.name}.`,
        why: `ALTER COLUMN TYPE from ${before ?? 'its type'} rewrites the table and its indexes under ACCESS EXCLUSIVE.`,
        fix: 'Add a column of the new type, fill it in batches, and let the application change over; then drop the old one.',
      },
    ]
  })

/** Whether PostgreSQL only notes the new type (ATColumnChangeRequiresRewrite in its tablecmds.c). */
function keepsRows(before: string, after: TypeName | undefined): boolean {
  const name = (after?.names ?? []).flatMap(partsOf).at(-1) ?? ''
  const sizes = (after?.typmods ?? []).flatMap((each) =>
    'A_Const' in each && each.A_Const.ival ? [each.A_Const.ival.ival ?? 0] : [],
  )
  const [, was = before, size = ''] = /^([^(]*)(?:\(([^)]*)\))?/.exec(before) ?? []
  const sized = size === '' ? [] : size.split(',').map(Number)
  switch (was.trim()) {
    case 'character varying':
      return name === 'text' || (name === 'varchar' && grows(sized, sizes))
    case 'text':
      return name === 'text' || (name === 'varchar' && sizes.length === 0)
    case 'numeric':
      return name === 'numeric' && grows(sized, sizes) && (sizes.length === 0 || sizes[1] === sized[1])
    case 'cidr':
      return name === 'inet'
    default:
      return false
  }
}

const grows = (before: readonly number[], after: readonly number[]): boolean =>
  after.length === 0 || (before.length > 0 && (after[0] ?? 0) >= (before[0] ?? 0))
