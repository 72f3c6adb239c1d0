import type { Catalog } from '../catalog/catalog.ts'
import type { History } from '../history/revision.ts'
import { messageUnusable } from './failures.ts'

/** How ids are given: one sequence over the whole catalog, one for each history, or the time in UTC. */
export type RevisionScheme = Catalog['revisions']

/** Fewer digits would make `1` sort after `10`. */
const shortest = 3
const longestSlug = 60

/**
 * The next ids: `givenOut` counts those of the same command that aren't on disk yet, `givenHere` those of them in
 * the same history. Ids that are no numbers are passed over.
 */
export function nextId(
  scheme: RevisionScheme,
  histories: readonly History[],
  database: string,
  {
    now,
    givenOut = 0,
    givenHere = 0,
  }: { readonly now: Date; readonly givenOut?: number; readonly givenHere?: number },
): string {
  if (scheme === 'timestamp') return timestamp(new Date(now.getTime() + givenOut * 1000))
  const counted = histories.filter((history) => scheme === 'catalog' || history.database === database)
  const ids = counted
    .flatMap(({ revisions }) => revisions.map(({ id }) => id))
    .filter((id) => /^\d+$/.test(id))
  const highest = ids.reduce((most, id) => (BigInt(id) > most ? BigInt(id) : most), 0n)
  const width = Math.max(shortest, ...ids.map(({ length }) => length))
  const more = scheme === 'catalog' ? givenOut : givenHere
  return String(highest + 1n + BigInt(more)).padStart(width, '0')
}

const timestamp = (time: Date): string => time.toISOString().replaceAll(/\D/g, '').slice(0, 14)

/** The words of a message as they stand in a directory's name. @throws `create.message` */
export function slugOf(message: string): string {
  const slug = message
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '_')
    .slice(0, longestSlug)
    .replaceAll(/^_+|_+$/g, '')
  if (slug === '' || message.includes('\n') || readsLikeEntry(message)) throw messageUnusable({ message })
  return slug
}

/** What would be read as an entry of the header instead of a title. */
const readsLikeEntry = (message: string): boolean => /^\s*[a-z][a-z-]*\s*:/i.test(message)
