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

const answerBrokenOff = defineFailure<{ question: string }>(
  'answer.broken-off',
  exitCodes.declined,
  ({ question }) => ({
    what: `Broken off at the question: ${question}`,
    why: 'Ctrl-C or the end of the terminal came instead of an answer, so nothing was done.',
    fix: 'Run the command again to answer y or n.',
  }),
)

/**
 * Asks before data is lost. `yes` answers ahead.
 * @throws `answer.missing` where there is no terminal to ask on; `answer.broken-off` at Ctrl-C
 */
export async function confirmed(question: string, yes: boolean): Promise<boolean> {
  if (yes) return true
  if (!process.stdin.isTTY) throw answerMissing({ question })
  const { default: confirm } = await import('@inquirer/confirm')
  return await confirm({ message: question, default: false }, { output: process.stderr }).catch((error) => {
    throw isBrokenOff(error) ? answerBrokenOff({ question }, error) : error
  })
}

/** By its name, since the library doesn't export the class. */
const isBrokenOff = (error: unknown): boolean => error instanceof Error && error.name === 'ExitPromptError'
