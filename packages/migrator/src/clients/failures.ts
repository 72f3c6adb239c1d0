import { defineFailure, exitCodes } from '@manybase/failure'

export const generateFailed = defineFailure<{ command: string; said: string }>(
  'clients.generate-failed',
  exitCodes.precondition,
  ({ command, said }) => ({
    what: `The clients could not be generated: \`${command}\` failed.`,
    why: said.trim() || 'It said nothing.',
    fix: 'Correct the schema that it names, or leave the clients as they are with --no-generate.',
  }),
)
