import { defineFailure, exitCodes } from '@manybase/failure'

export const argumentsWrong = defineFailure<{ problem: string; usage: string }>(
  'attack.arguments',
  exitCodes.precondition,
  ({ problem, usage }) => ({ what: problem, why: 'The command line is not one of the attack.', fix: usage }),
)
