import type { Finding } from './findings.ts'

/** What was looked for, or why it can't be said. */
export type Found<T> = { readonly kind: 'found'; readonly value: T } | Finding

export const found = <T>(value: T): Found<T> => ({ kind: 'found', value })
