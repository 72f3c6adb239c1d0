import type { KnownRevision } from './known-history.ts'

/** A row of the ledger, as far as it matters here. */
export interface AppliedRow {
  readonly name: string
  readonly checksum: string
}

/** How a database stands to the history that an application was built with. */
export type Readiness =
  | { readonly kind: 'ready' }
  /** It has all that is known, and more: a newer version was deployed. Fit to serve. */
  | { readonly kind: 'ahead'; readonly unknown: readonly string[] }
  | { readonly kind: 'behind'; readonly pending: readonly string[] }
  /** Revisions were applied in another version than the known one. */
  | { readonly kind: 'divergent'; readonly revisions: readonly string[] }
  /** Nobody can say: there is no ledger, or it can't be read. */
  | { readonly kind: 'unknown'; readonly reason: string; readonly cause?: unknown }

/** Compares what is known with what is applied. What is wrong outweighs what is missing, and that what is new. */
export function compareHistories(known: readonly KnownRevision[], applied: readonly AppliedRow[]): Readiness {
  const rows = new Map(applied.map((row) => [row.name, row]))
  const revisions = known
    .filter(({ name, checksums }) => {
      const row = rows.get(name)
      return row !== undefined && !checksums.includes(row.checksum)
    })
    .map(({ name }) => name)
  if (revisions.length > 0) return { kind: 'divergent', revisions }
  const pending = known.filter(({ name }) => !rows.has(name)).map(({ name }) => name)
  if (pending.length > 0) return { kind: 'behind', pending }
  const names = new Set(known.map(({ name }) => name))
  const unknown = [...rows.keys()].filter((name) => !names.has(name))
  return unknown.length > 0 ? { kind: 'ahead', unknown } : { kind: 'ready' }
}
