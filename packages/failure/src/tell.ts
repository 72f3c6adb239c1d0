import { errorMessage, isFailure } from './error.ts'
import { type ExitCode, exitCodes } from './failure.ts'

/** What a program says on stderr when it ends with this error, and its exit code. A bug comes with its stack. */
export function tellError(error: unknown): { readonly text: string; readonly exitCode: ExitCode } {
  if (isFailure(error)) {
    const { what, code, why, fix, exitCode } = error
    return { text: `✖ ${what} [${code}]\n  why  ${why}\n  fix  ${fix}`, exitCode }
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : errorMessage(error)
  return { text, exitCode: exitCodes.bug }
}
