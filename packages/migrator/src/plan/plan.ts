import type { Finding } from './findings.ts'
import type { Step } from './step.ts'

/** The steps over all databases in one order that is right, or why there are none. */
export type Plan =
  | { readonly kind: 'steps'; readonly steps: readonly Step[] }
  | { readonly kind: 'blocked'; readonly findings: readonly Finding[] }

export { planDowngrade } from './downgrade.ts'
export { planUpgrade } from './upgrade.ts'
