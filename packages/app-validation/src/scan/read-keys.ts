import type { Client } from 'pg'
import type { ReferencingColumn } from '../sweep/link.ts'
import { type KeyBlock, keyAt, unpack } from './block.ts'
import { type KeyKind, keyKind } from './key.ts'
import type { KeySession } from './sessions.ts'

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

/** A query of the column `key` in a range, in order. */
export type KeyQuery = (session: Client, range: KeyRange) => string

/** What exists. */
export const existing =
  (space: KeySpace): KeyQuery =>
  (session, range) =>
    `SELECT ${space.kind.order(space.column)} AS key FROM ${space.table}
      WHERE ${within(session, space, space.column, range)} ORDER BY key`

/** What the columns name, each id once. */
export const named =
  (space: KeySpace, columns: readonly ReferencingColumn[]): KeyQuery =>
  (session, range) =>
    `${columns
      .map(
        ({ table, column }) =>
          `SELECT DISTINCT ${space.kind.order(column)} AS key FROM ${table} WHERE ${within(session, space, column, range)}`,
      )
      .join(' UNION ')} ORDER BY key`

/**
 * The same of one column, from each id straight to the next: the index is entered anew for each id, instead of
 * reading all rows that name it. The order is that of the recursion.
 */
export const namedFarApart =
  (space: KeySpace, { table, column }: ReferencingColumn): KeyQuery =>
  (session, range) => {
    const key = space.kind.order(column)
    const first = (more: string) =>
      `SELECT ${key} AS key FROM ${table} WHERE ${within(session, space, column, range)}${more} ORDER BY ${key} LIMIT 1`
    return `WITH RECURSIVE far AS (
        (${first('')}) UNION ALL SELECT (${first(` AND ${key} > far.key`)}) FROM far WHERE far.key IS NOT NULL
      ) SELECT key FROM far WHERE key IS NOT NULL`
  }

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
 * own, the first one at once, and the next one while a page is worked on. The server puts the keys of a page
 * together, since a message for each costs both sides more than the key.
 */
export function readPages(
  { client, copyValue }: KeySession,
  query: KeyQuery,
  { kind }: KeySpace,
  pageSize: number,
  range: KeyRange = {},
): AsyncGenerator<KeyBlock> {
  const read = async (above: string | undefined) => {
    const keys = query(client, { ...range, above })
    return unpack(
      await copyValue(`SELECT ${kind.pack()} FROM (${keys} LIMIT ${pageSize}) AS page`),
      kind.width,
    )
  }
  return pagesFrom(watched(read(range.above)), (above) => watched(read(above)), kind, pageSize)
}

/** Whoever stops reading leaves a page behind; the session's end is then no news. */
function watched<T>(page: Promise<T>): Promise<T> {
  page.catch(() => {})
  return page
}

async function* pagesFrom(
  first: Promise<KeyBlock>,
  read: (above: string) => Promise<KeyBlock>,
  kind: KeyKind,
  pageSize: number,
): AsyncGenerator<KeyBlock> {
  let page = await first
  while (page.ends.length === pageSize) {
    const next = read(lastId(page, kind))
    yield page
    page = await next
  }
  if (page.ends.length > 0) yield page
}

export const lastId = (block: KeyBlock, kind: KeyKind): string =>
  kind.toText(keyAt(block, block.ends.length - 1))

const keysTogether = 10_000

/**
 * All keys, sorted by the server once. The transaction ends with the sorting: what a cursor WITH HOLD hands out
 * after it needs no snapshot.
 */
export async function* readSorted(
  { client }: KeySession,
  query: KeyQuery,
  { kind }: KeySpace,
): AsyncGenerator<KeyBlock> {
  await client.query(`DECLARE keys NO SCROLL CURSOR WITH HOLD FOR
    SELECT ${kind.pack('sorted')} AS keys
      FROM (SELECT key, (row_number() OVER (ORDER BY key) - 1) / ${keysTogether} AS part FROM (${query(client, {})}) AS keys) AS numbered
     GROUP BY part ORDER BY part`)
  for (;;) {
    const { rows } = await client.query<{ keys: Buffer }>('FETCH 1 FROM keys')
    const [row] = rows
    if (!row) return
    yield unpack(row.keys, kind.width)
  }
}
