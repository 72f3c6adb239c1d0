import type { GuardMethods } from '@manybase/app-validation/guard'
import type { AuthClient } from '@socrates/db-auth'
import type { SpecsClient } from '@socrates/db-specs'
import type { AccessTokens } from './auth/access-tokens.ts'
import type { Settings } from './settings/settings.ts'

/** What routes work with. */
export interface Services {
  readonly auth: AuthClient
  /** Guarded: a write that names a user who isn't there is refused. */
  readonly specs: SpecsClient & GuardMethods
  readonly settings: Settings
  readonly tokens: AccessTokens
}
