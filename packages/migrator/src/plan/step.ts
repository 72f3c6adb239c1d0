import { formatRef, type Revision } from '../history/revision.ts'
import type { LedgerRow } from '../ledger/ledger.ts'
import type { Finding } from './findings.ts'

interface StepBase {
  readonly database: string
  readonly revision: Revision
  /** Keys of the steps in the same plan that come first: `database@id`, or `data of database@id`. */
  readonly needs: readonly string[]
}

/** One revision to apply. */
export interface UpgradeStep extends StepBase {
  readonly kind: 'upgrade'
}

/** One applied revision to undo, by its `down.sql`. */
export interface DowngradeStep extends StepBase {
  readonly kind: 'downgrade'
  readonly row: LedgerRow
}

/** The data migration of a revision that is applied, or is by the time its turn comes. */
export interface DataStep extends StepBase {
  readonly kind: 'data'
}

export type Step = UpgradeStep | DowngradeStep | DataStep

/** What other steps name in `needs`. */
export const keyOf = ({ kind, revision: { database, id } }: Step): string =>
  kind === 'data' ? `data of ${formatRef({ database, id })}` : formatRef({ database, id })

/** The steps over all databases in one order that is right, or why there are none. */
export type Plan =
  | { readonly kind: 'steps'; readonly steps: readonly Step[] }
  | { readonly kind: 'blocked'; readonly findings: readonly Finding[] }
