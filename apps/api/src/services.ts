import type { GuardMethods } from '@manybase/app-validation/guard'
import type { AuthClient } from '@socrates/db-auth'
import type { SpecsClient } from '@socrates/db-specs'
import type { AccessTokens } from './auth/access-tokens.ts'
import type { Settings } from './settings/settings.ts'

/** Where the two databases are for what takes sessions of its own: deletion, receipts, lags and the sweeper. */
export interface Keepers {
  readonly auth: Pick<AuthClient, '$database'>
  readonly specs: Pick<SpecsClient, '$database'>
}

/** What routes work with. */
export interface Services {
  readonly auth: AuthClient
  /** Guarded: a write that names a user who isn't there is refused. */
  readonly specs: SpecsClient & GuardMethods
  readonly keepers: Keepers
  readonly settings: Settings
  readonly tokens: AccessTokens
}
