import { errorMessage, isFailure } from '@manybase/failure'
import type { Holder } from './barrier.ts'
import type { Link } from './link.ts'

/** What a sweeper tells while it works. */
export type SweepEvent = { readonly link: Link } & (
  | { readonly kind: 'connected' }
  | { readonly kind: 'replayed' }
  | { readonly kind: 'taken'; readonly tombstones: number }
  | { readonly kind: 'cleared'; readonly rows: number }
  | { readonly kind: 'waiting'; readonly holders: readonly Holder[] }
  | { readonly kind: 'closed'; readonly ids: number }
  | { readonly kind: 'failed'; readonly error: unknown; readonly retryIn: number }
)

/** An event as an entry of a log that machines read; `at` is now. */
export function eventToJson(event: SweepEvent): Readonly<Record<string, unknown>> {
  const { link, ...rest } = event
  const known = { at: new Date().toISOString(), source: link.source, referencing: link.referencing, ...rest }
  if (event.kind !== 'failed') return known
  const { error } = event
  return { ...known, error: isFailure(error) ? error.toJSON() : { message: errorMessage(error) } }
}
