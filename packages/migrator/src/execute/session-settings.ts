import { escapeIdentifier } from 'pg'

/** The ledger is written by the role in the URL, whichever role the script has taken on. */
export const ownRole = 'RESET ROLE; RESET SESSION AUTHORIZATION'

/** First statements before a script: nothing an earlier one has set may reach into this one. */
export const fresh = (schema: string): string =>
  `${ownRole}; RESET ALL; SET search_path = ${escapeIdentifier(schema)}`

/** Times for one script, in milliseconds; 0 and undefined leave the server's own. */
export interface Timeouts {
  readonly lockTimeout?: number | undefined
  readonly statementTimeout?: number | undefined
}

/** Sets times for the transaction, or else for the session until `fresh`; each ends with a semicolon. */
export const setTimeouts = (
  scope: 'LOCAL' | 'SESSION',
  { lockTimeout, statementTimeout }: Timeouts,
): string =>
  [
    lockTimeout ? `SET ${scope} lock_timeout = ${lockTimeout};` : '',
    statementTimeout ? `SET ${scope} statement_timeout = ${statementTimeout};` : '',
  ].join('')
