import type { Revision } from '../history/revision.ts'
import type { LedgerRow } from '../ledger/ledger.ts'
import type { Finding } from './findings.ts'

interface StepBase {
  readonly database: string
  readonly revision: Revision
  /** Revisions (as `database@id`) whose steps in the same plan come first. */
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

export type Step = UpgradeStep | DowngradeStep

/** The steps over all databases in one order that is right, or why there are none. */
export type Plan =
  | { readonly kind: 'steps'; readonly steps: readonly Step[] }
  | { readonly kind: 'blocked'; readonly findings: readonly Finding[] }
