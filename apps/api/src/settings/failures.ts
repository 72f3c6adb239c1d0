import { defineFailure, exitCodes } from '@manybase/failure'

/** One variable of the environment that can't be used; never its value, which may be a secret. */
export interface UnusableVariable {
  readonly variable: string
  readonly problem: string
}

export const settingsUnusable = defineFailure<{ variables: readonly UnusableVariable[] }>(
  'settings.unusable',
  exitCodes.precondition,
  ({ variables }) => ({
    what: `The environment doesn't say how to run the API: ${variables.map(({ variable }) => variable).join(', ')}.`,
    why: variables.map(({ variable, problem }) => `${variable}: ${problem}.`).join(' '),
    fix: 'Set them; docs/reference/environment.md says what each means. `pnpm dev` sets all of them for this machine.',
  }),
)

export const addressInUse = defineFailure<{ host: string; port: number }>(
  'address.in-use',
  exitCodes.precondition,
  ({ host, port }) => ({
    what: `The API can't listen at ${host}:${port}.`,
    why: 'Another program does already, perhaps another API.',
    fix: 'End it, or choose another port: API_PORT=3001',
  }),
)
