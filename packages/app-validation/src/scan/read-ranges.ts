import type { ReferencingColumn } from '../sweep/link.ts'
import type { KeyBlock } from './block.ts'
import { missingKeys } from './merge.ts'
import { type KeyRange, type KeySpace, lastId, named, namedFarApart, readPages } from './read-keys.ts'
import type { KeySession } from './sessions.ts'

/** A column with an index. */
export interface RangedColumn {
  /** It alone. */
  readonly columns: readonly [ReferencingColumn]
  /** Whether so many rows name the same id that the index is better entered for each. */
  readonly isFarApart: boolean
}

/** What a column names between two pages of what exists; the server is at it already. */
interface Part {
  readonly columns: RangedColumn['columns']
  readonly named: AsyncGenerator<KeyBlock>
  readonly page: KeyBlock | undefined
}

/** What the columns name and doesn't exist, page by page of what exists. Several sessions take the parts in turn. */
export async function* readRanges(
  pages: AsyncIterable<KeyBlock>,
  b: readonly KeySession[],
  space: KeySpace,
  columns: readonly RangedColumn[],
  pageSize: number,
): AsyncGenerator<{ readonly columns: RangedColumn['columns']; readonly keys: readonly Buffer[] }> {
  const compare = async function* ({ columns, named, page }: Part) {
    for await (const keys of missingKeys(named, only(page))) yield { columns, keys }
  }
  // Both servers work on what comes next while this process compares.
  const ahead: Part[] = []
  for await (const part of startParts(pages, b, space, columns, pageSize)) {
    ahead.push(part)
    if (ahead.length <= b.length) continue
    for (const first of ahead.splice(0, 1)) yield* compare(first)
  }
  for (const part of ahead) yield* compare(part)
}

async function* startParts(
  pages: AsyncIterable<KeyBlock>,
  b: readonly KeySession[],
  space: KeySpace,
  columns: readonly RangedColumn[],
  pageSize: number,
): AsyncGenerator<Part> {
  let turns = 0
  const start = ({ columns, isFarApart }: RangedColumn, range: KeyRange, page?: KeyBlock): Part => {
    const query = isFarApart ? namedFarApart(space, columns[0]) : named(space, columns)
    const session = b[turns++ % b.length]
    if (!session) throw new RangeError('the referencing side is read by a session at least')
    // Where everything that exists is named, and nothing else, one page is enough.
    return { columns, named: readPages(session, query, space, pageSize + 1, range), page }
  }
  let above: string | undefined
  for await (const page of pages) {
    const upTo = lastId(page, space.kind)
    for (const column of columns) yield start(column, { above, upTo }, page)
    above = upTo
  }
  for (const column of columns) yield start(column, { above })
}

async function* only(page: KeyBlock | undefined): AsyncGenerator<KeyBlock> {
  if (page) yield page
}
