import type { Client } from 'pg'
import type { Link, ReferencingColumn } from '../sweep/link.ts'
import type { KeyBlock } from './block.ts'
import { estimateRows, isOrdered } from './catalog.ts'
import { missingKeys } from './merge.ts'
import {
  existing,
  type KeyRange,
  type KeySpace,
  keySpaces,
  lastId,
  named,
  readPages,
  readSorted,
} from './read-keys.ts'
import { type Stray, settle } from './settle.ts'

export interface ScanOptions {
  /** Ids of the referenced side that are read in one transaction. */
  readonly pageSize?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: ScanProgress) => void
}

export interface ScanProgress {
  readonly target: string
  /** Ids of the referenced side that are behind us, and about how many there are; 0 where nobody knows. */
  readonly passed: number
  readonly total: number
}

/** Opens a session of one side; whoever is given it ends it. */
export type OpenSession = (side: 'referenced' | 'referencing') => Promise<Client>

const defaultPageSize = 100_000
/** Candidates that are looked at once more together. */
const candidatesPerLook = 1_000

/**
 * Finds the ids that a link's columns name and that don't exist, in constant memory.
 *
 * Columns with an index are read range by range, beside a page of what exists, each in a short transaction, so that
 * the sweep's barrier is not held up. A column without one is sorted whole, in a transaction as long as that takes.
 */
export async function* findStrays(
  open: OpenSession,
  link: Link,
  options: ScanOptions = {},
): AsyncGenerator<readonly Stray[]> {
  const [a, b] = await Promise.all([open('referenced'), open('referencing')])
  for (const session of [a, b]) await session.query('SET default_transaction_read_only = on')
  for (const space of keySpaces(link.columns)) {
    let candidates: string[] = []
    for await (const keys of findMissing(open, { a, b }, space, options)) {
      for (const key of keys) candidates.push(space.kind.toText(key))
      while (candidates.length >= candidatesPerLook) {
        yield await settle({ a, b }, link.source, space, candidates.slice(0, candidatesPerLook))
        candidates = candidates.slice(candidatesPerLook)
      }
      options.signal?.throwIfAborted()
    }
    if (candidates.length > 0) yield await settle({ a, b }, link.source, space, candidates)
  }
}

async function* findMissing(
  open: OpenSession,
  sessions: { readonly a: Client; readonly b: Client },
  space: KeySpace,
  options: ScanOptions,
): AsyncGenerator<readonly Buffer[]> {
  const { kind, table, column, columns, target } = space
  const pageSize = options.pageSize ?? defaultPageSize
  const isPaged = await isOrdered(sessions.a, table, column, kind)
  const total = await estimateRows(sessions.a, table)
  const tell = (passed: number) => options.onProgress?.({ target, passed, total })
  const [ranged, whole]: [ReferencingColumn[], ReferencingColumn[]] = [[], []]
  for (const each of columns) {
    const isRanged = isPaged && (await isOrdered(sessions.b, each.table, each.column, kind))
    ;(isRanged ? ranged : whole).push(each)
  }
  const all = existing(space)
  const pages = (session: Client) =>
    counted(isPaged ? readPages(session, all, space, pageSize) : readSorted(session, all, space), tell)
  if (ranged.length > 0) {
    yield* withKeySessions(open, byIndex, (a, b) => readRanges(pages(a), b, space, ranged, pageSize))
  }
  if (whole.length > 0) {
    yield* withKeySessions(open, asPlanned, (a, b) =>
      missingKeys(readSorted(b, named(space, whole), space), pages(a)),
    )
  }
}

/** What the columns name, page by page of what exists. */
async function* readRanges(
  pages: AsyncIterable<KeyBlock>,
  b: Client,
  space: KeySpace,
  columns: readonly ReferencingColumn[],
  pageSize: number,
): AsyncGenerator<readonly Buffer[]> {
  // Where everything that exists is named, and nothing else, one page is enough.
  const read = (range: KeyRange) => readPages(b, named(space, columns), space, pageSize + 1, range)
  let above: string | undefined
  for await (const page of pages) {
    const upTo = lastId(page, space.kind)
    yield* missingKeys(read({ above, upTo }), only(page))
    above = upTo
  }
  yield* missingKeys(read({ above }), only())
}

async function* only(...blocks: readonly KeyBlock[]): AsyncGenerator<KeyBlock> {
  yield* blocks
}

async function* counted(
  blocks: AsyncIterable<KeyBlock>,
  tell: (passed: number) => void,
): AsyncGenerator<KeyBlock> {
  let passed = 0
  for await (const block of blocks) {
    yield block
    passed += block.ends.length
    tell(passed)
  }
}

/** Sessions of their own: the end of what exists may be left unread, and its cursor open. */
async function* withKeySessions<T>(
  open: OpenSession,
  plans: string,
  read: (a: Client, b: Client) => AsyncGenerator<T>,
): AsyncGenerator<T> {
  const [a, b] = await Promise.all([open('referenced'), open('referencing')])
  try {
    for (const session of [a, b]) await session.query(`${settings}; ${plans}`)
    yield* read(a, b)
  } finally {
    await Promise.all([a, b].map((session) => session.end().catch(() => {})))
  }
}

/** A migration that has a table locked is waited for; and pages are too short for helpers and compilers. */
const settings = `SET lock_timeout = '1min'; SET default_transaction_read_only = on; SET jit = off`
/** Ranges follow the index, and each id comes once as it comes in order. */
const byIndex = 'SET enable_hashagg = off; SET max_parallel_workers_per_gather = 0'
/** What is sorted whole is read as the planner thinks best. */
const asPlanned = 'SET enable_seqscan = on'
