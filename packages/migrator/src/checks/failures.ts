import { defineFailure, exitCodes } from '@manybase/failure'

export const waitTimedOut = defineFailure<{
  readonly waiting: readonly { readonly database: string; readonly server: string; readonly reason: string }[]
  readonly waited: string
}>('wait.timeout', exitCodes.precondition, ({ waiting, waited }) => ({
  what: `After ${waited} there is still no answer for ${waiting.map(({ database, server }) => `${database} at ${server}`).join(', ')}.`,
  why: `The last attempt: ${[...new Set(waiting.map(({ reason }) => reason))].join('; ')}.`,
  fix: 'Check the servers and the addresses (`pnpm db config`), or wait longer: --timeout 5min',
}))
