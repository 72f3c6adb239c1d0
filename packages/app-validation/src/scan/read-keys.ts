import type { Client } from 'pg'
import type { ReferencingColumn } from '../sweep/link.ts'
import { type KeyBlock, keyAt, unpack } from './block.ts'
import { type KeyKind, keyKind } from './key.ts'

/** The columns that name one target, and how its ids are ordered. */
export interface KeySpace {
  readonly target: string
  readonly table: string
  readonly column: string
  readonly type: string
  readonly kind: KeyKind
  readonly columns: readonly ReferencingColumn[]
}

export function keySpaces(columns: readonly ReferencingColumn[]): readonly KeySpace[] {
  return [...Map.groupBy(columns, ({ target }) => target).values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    const { target, targetTable: table, targetColumn: column, type } = first
    return [{ target, table, column, type, kind: keyKind(type), columns: group }]
  })
}

/** Keys above the one and up to the other, both as text; without them from the beginning and to the end. */
export interface KeyRange {
  readonly above?: string | undefined
  readonly upTo?: string | undefined
}

/** A query of the column `key` in a range; what it gives is neither in order nor limited. */
type KeyQuery = (session: Client, range: KeyRange) => string

/** What exists. */
export const existing =
  (space: KeySpace): KeyQuery =>
  (session, range) =>
    `SELECT ${space.kind.order(space.column)} AS key FROM ${space.table} WHERE ${within(session, space, space.column, range)}`

/** What the columns name, each id once. */
export const named =
  (space: KeySpace, columns: readonly ReferencingColumn[]): KeyQuery =>
  (session, range) =>
    columns
      .map(
        ({ table, column }) =>
          `SELECT DISTINCT ${space.kind.order(column)} AS key FROM ${table} WHERE ${within(session, space, column, range)}`,
      )
      .join(' UNION ')

function within(session: Client, { kind, type }: KeySpace, column: string, { above, upTo }: KeyRange) {
  const value = (id: string) => kind.order(`${session.escapeLiteral(id)}::${type}`)
  return [
    `${column} IS NOT NULL`,
    ...(above === undefined ? [] : [`${kind.order(column)} > ${value(above)}`]),
    ...(upTo === undefined ? [] : [`${kind.order(column)} <= ${value(upTo)}`]),
  ].join(' AND ')
}

/**
 * The keys of a range in pages, for columns with an index in their order: each is read in a transaction of its
 * own, the next one while a page is worked on. The server puts the keys of a page together, since a message for
 * each costs both sides more than the key.
 */
export async function* readPages(
  session: Client,
  query: KeyQuery,
  { kind }: KeySpace,
  pageSize: number,
  range: KeyRange = {},
): AsyncGenerator<KeyBlock> {
  const read = async (above: string | undefined) => {
    const { rows } = await session.query<{ keys: Buffer | null }>(
      `SELECT string_agg(${kind.bytes('key')}, ''::bytea) AS keys
         FROM (SELECT key FROM (${query(session, { ...range, above })}) AS keys ORDER BY key LIMIT ${pageSize}) AS page`,
    )
    return unpack(rows[0]?.keys ?? Buffer.alloc(0), kind.width)
  }
  let page = await read(range.above)
  while (page.ends.length === pageSize) {
    const next = read(lastId(page, kind))
    // Whoever stops reading leaves it behind; the session's end is then no news.
    next.catch(() => {})
    yield page
    page = await next
  }
  if (page.ends.length > 0) yield page
}

export const lastId = (block: KeyBlock, kind: KeyKind): string =>
  kind.toText(keyAt(block, block.ends.length - 1))

const rowsAtOnce = 10_000

/**
 * All keys, sorted by the server once. The transaction ends with the sorting: what a cursor WITH HOLD hands out
 * after it needs no snapshot.
 */
export async function* readSorted(
  session: Client,
  query: KeyQuery,
  { kind }: KeySpace,
): AsyncGenerator<KeyBlock> {
  await session.query(`DECLARE keys NO SCROLL CURSOR WITH HOLD FOR
    SELECT ${kind.bytes('key')} AS bytes FROM (${query(session, {})}) AS keys ORDER BY key`)
  for (;;) {
    const { rows } = await session.query<{ bytes: Buffer }>(`FETCH ${rowsAtOnce} FROM keys`)
    if (rows.length === 0) return
    yield unpack(Buffer.concat(rows.map(({ bytes }) => bytes)), kind.width)
  }
}
