import { defineFailure, exitCodes } from '@manybase/failure'

const answerMissing = defineFailure<{ question: string }>(
  'answer.missing',
  exitCodes.precondition,
  ({ question }) => ({
    what: `Nobody is there to answer: ${question}`,
    why: 'The command loses data, and standard input is not a terminal.',
    fix: 'Say --yes if that is what you want.',
  }),
)

/**
 * Asks before data is lost. `yes` answers ahead.
 * @throws `answer.missing` where there is no terminal to ask on
 */
export async function confirmed(question: string, yes: boolean): Promise<boolean> {
  if (yes) return true
  if (!process.stdin.isTTY) throw answerMissing({ question })
  const { default: confirm } = await import('@inquirer/confirm')
  return await confirm({ message: question, default: false }, { output: process.stderr })
}
