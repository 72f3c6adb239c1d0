import type { Client } from 'pg'
import type { Link, ReferencingColumn } from '../sweep/link.ts'
import type { KeyBlock } from './block.ts'
import { estimateRows, estimateRowsPerKey, isOrdered } from './catalog.ts'
import { explainRefusal } from './failures.ts'
import { missingKeys } from './merge.ts'
import { existing, type KeySpace, keySpaces, named, readPages, readSorted } from './read-keys.ts'
import { type RangedColumn, readRanges } from './read-ranges.ts'
import { type KeySession, type OpenSession, readingSettings, withKeySessions } from './sessions.ts'
import { type Stray, settle } from './settle.ts'

export interface ScanOptions {
  /** Ids of the referenced side that are read in one transaction, instead of what suits their type. */
  readonly pageSize?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: ScanProgress) => void
}

export interface ScanProgress {
  /** What is read now. */
  readonly target: string
  /** Ids of the referenced side that are behind us, and about how many there are; 0 where nobody knows. */
  readonly passed: number
  readonly total: number
}

/** Keys that some columns name and that didn't exist when they were read. */
interface Missing {
  readonly columns: readonly ReferencingColumn[]
  readonly keys: readonly Buffer[]
}

/** A target, and how the columns that name it are read. */
interface Route {
  readonly space: KeySpace
  readonly isPaged: boolean
  /** Those with an index, and those without. */
  readonly ranged: readonly RangedColumn[]
  readonly whole: readonly ReferencingColumn[]
  /** About how many ids are passed; 0 where nobody knows. */
  readonly total: number
}

interface Sides {
  readonly a: Client
  readonly b: Client
}

/** Candidates that are looked at once more together. */
const candidatesPerLook = 1_000
/** Sessions that read ranges of the referencing side: it has more rows than what it names. */
const sessionsAtOnce = 2
/** From so many rows on for each id, it is quicker to enter the index for each id than to read all rows. */
const rowsFarApart = 100

/**
 * Finds the ids that a link's columns name and that don't exist, in constant memory. An id that several columns name
 * may come several times, each time with the rows of other columns.
 *
 * Columns with an index are read range by range, beside a page of what exists, each in a short transaction, so that
 * the sweep's barrier is not held up. A column without one is sorted whole, in a transaction as long as that takes.
 * @throws `integrity.forbidden`, `integrity.locked`
 */
export async function* findStrays(
  open: OpenSession,
  link: Link,
  options: ScanOptions = {},
): AsyncGenerator<readonly Stray[]> {
  try {
    yield* readStrays(open, link, options)
  } catch (error) {
    throw explainRefusal(error, link)
  }
}

async function* readStrays(
  open: OpenSession,
  link: Link,
  options: ScanOptions,
): AsyncGenerator<readonly Stray[]> {
  const [a, b] = await Promise.all([open('referenced'), open('referencing')])
  for (const session of [a, b]) await session.query(readingSettings)
  const routes: Route[] = []
  for (const space of keySpaces(link.columns)) routes.push(await planRoute({ a, b }, space))
  const tell = progressOf(routes, options)
  for (const route of routes) {
    const { space } = route
    const look = (columns: readonly ReferencingColumn[], ids: readonly string[]) =>
      settle({ a, b }, link.source, { ...space, columns }, ids)
    const waiting = new Map<readonly ReferencingColumn[], string[]>()
    for await (const { columns, keys } of findMissing(open, route, tell, options)) {
      const ids = [...(waiting.get(columns) ?? []), ...keys.map(space.kind.toText)]
      while (ids.length >= candidatesPerLook) yield await look(columns, ids.splice(0, candidatesPerLook))
      waiting.set(columns, ids)
    }
    for (const [columns, ids] of waiting) if (ids.length > 0) yield await look(columns, ids)
  }
}

async function planRoute({ a, b }: Sides, space: KeySpace): Promise<Route> {
  const { kind, table, column } = space
  const planTarget = async () => ({
    isPaged: await isOrdered(a, table, column, kind),
    rows: await estimateRows(a, table),
  })
  const [{ isPaged, rows }, indexed] = await Promise.all([planTarget(), findIndexed(b, space)])
  const ranged = isPaged ? indexed : []
  const whole = space.columns.filter((each) => !ranged.some(({ columns }) => columns.includes(each)))
  const passes = [ranged, whole].filter(({ length }) => length > 0).length
  return { space, isPaged, ranged, whole, total: passes * rows }
}

async function findIndexed(b: Client, { kind, columns }: KeySpace): Promise<readonly RangedColumn[]> {
  const indexed: RangedColumn[] = []
  for (const each of columns) {
    if (!(await isOrdered(b, each.table, each.column, kind))) continue
    const rows = await estimateRowsPerKey(b, each.table, each.column)
    indexed.push({ columns: [each], isFarApart: rows >= rowsFarApart })
  }
  return indexed
}

/** Adds up what is behind us, whatever it is of; and ends the scan when that is asked for. */
function progressOf(routes: readonly Route[], { signal, onProgress }: ScanOptions) {
  const total = routes.every((route) => route.total > 0)
    ? routes.reduce((sum, route) => sum + route.total, 0)
    : 0
  let passed = 0
  return (target: string, ids: number) => {
    passed += ids
    onProgress?.({ target, passed, total })
    signal?.throwIfAborted()
  }
}

async function* findMissing(
  open: OpenSession,
  { space, isPaged, ranged, whole }: Route,
  tell: (target: string, ids: number) => void,
  options: ScanOptions,
): AsyncGenerator<Missing> {
  const pageSize = options.pageSize ?? space.kind.pageSize
  const all = existing(space)
  const pages = (a: KeySession) =>
    counted(isPaged ? readPages(a, all, space, pageSize) : readSorted(a, all, space), (ids) =>
      tell(space.target, ids),
    )
  if (ranged.length > 0) {
    yield* withKeySessions(open, 'by index', sessionsAtOnce, (a, b) =>
      readRanges(pages(a), b, space, ranged, pageSize),
    )
  }
  if (whole.length > 0) {
    yield* withKeySessions(open, 'as planned', 1, async function* (a, [b]) {
      if (!b) return
      for await (const keys of missingKeys(readSorted(b, named(space, whole), space), pages(a)))
        yield { columns: whole, keys }
    })
  }
}

async function* counted(
  blocks: AsyncIterable<KeyBlock>,
  tell: (ids: number) => void,
): AsyncGenerator<KeyBlock> {
  for await (const block of blocks) {
    yield block
    tell(block.ends.length)
  }
}
