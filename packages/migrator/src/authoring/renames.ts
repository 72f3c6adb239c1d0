import { escapeIdentifier } from 'pg'
import { renameMalformed } from './failures.ts'
import { type Change, type Column, changesOf, cutScript } from './statements.ts'

/** One thing under a new name, in the names of the database. */
export type Rename =
  | { readonly kind: 'table'; readonly from: string; readonly to: string }
  | { readonly kind: 'column'; readonly table: string; readonly from: string; readonly to: string }

/** Parses `a.b:a.c` for a column and `a:b` for a table. @throws `rename.malformed` */
export function parseRename(text: string): Rename {
  const [from = '', to = '', ...more] = text.split(':').map((side) => side.split('.'))
  const [[table = '', before], [sameTable, after]] = [[...from], [...to]]
  const malformed = more.length > 0 || [...from, ...to].includes('') || from.length !== to.length
  if (malformed || from.length > 2 || sameTable === undefined) throw renameMalformed({ text })
  if (before === undefined || after === undefined) return { kind: 'table', from: table, to: sameTable }
  if (table !== sameTable) throw renameMalformed({ text })
  return { kind: 'column', table, from: before, to: after }
}

export const formatRename = (rename: Rename): string =>
  rename.kind === 'table'
    ? `${rename.from}:${rename.to}`
    : `${rename.table}.${rename.from}:${rename.table}.${rename.to}`

/** The statement without its semicolon. */
export const renameSql = (rename: Rename): string =>
  rename.kind === 'table'
    ? `ALTER TABLE ${escapeIdentifier(rename.from)} RENAME TO ${escapeIdentifier(rename.to)}`
    : `ALTER TABLE ${escapeIdentifier(rename.table)} RENAME COLUMN ${escapeIdentifier(rename.from)} TO ${escapeIdentifier(rename.to)}`

export const reversed = (rename: Rename): Rename => ({ ...rename, from: rename.to, to: rename.from })

/**
 * What looks like a rename in a script and its reverse: a column dropped and one of the same type added to the
 * same table, or a table dropped and one added that shares most of its columns.
 */
export async function findLookAlikes(up: string, down: string): Promise<readonly Rename[]> {
  const [forward, back] = [await changesIn(up), await changesIn(down)]
  return [...columnLookAlikes(forward, back), ...tableLookAlikes(forward, back)]
}

const changesIn = async (script: string): Promise<readonly Change[]> =>
  (await cutScript(script)).flatMap(({ tree }) => changesOf(tree))

function columnLookAlikes(forward: readonly Change[], back: readonly Change[]): Rename[] {
  return added(forward).flatMap(({ table, column }) => {
    const dropped = added(back).find(
      (other) => other.table === table && other.column.type === column.type && drops(forward, other),
    )
    return dropped ? [{ kind: 'column' as const, table, from: dropped.column.name, to: column.name }] : []
  })
}

const added = (changes: readonly Change[]) => changes.filter((change) => change.kind === 'adds-column')

const drops = (changes: readonly Change[], { table, column }: { table: string; column: Column }): boolean =>
  changes.some((each) => each.kind === 'drops-column' && each.table === table && each.column === column.name)

function tableLookAlikes(forward: readonly Change[], back: readonly Change[]): Rename[] {
  return created(forward).flatMap(({ table, columns }) => {
    const dropped = created(back).find(
      (other) =>
        forward.some((each) => each.kind === 'drops-table' && each.table === other.table) &&
        shared(columns, other.columns) * 2 > Math.max(columns.length, other.columns.length),
    )
    return dropped ? [{ kind: 'table' as const, from: dropped.table, to: table }] : []
  })
}

const created = (changes: readonly Change[]) => changes.filter((change) => change.kind === 'creates-table')

const shared = (columns: readonly Column[], others: readonly Column[]): number =>
  columns.filter(({ name, type }) => others.some((other) => other.name === name && other.type === type))
    .length
