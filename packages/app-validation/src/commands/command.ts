import type { ExitCode } from '@manybase/failure'

/** Where a command writes: data to stdout, what accompanies it to stderr. One call is one line or block. */
export interface Output {
  data(text: string): void
  note(text: string): void
}

/** @throws a `Failure` where a precondition isn't met; `cli.ts` renders it */
export type Command = (args: readonly string[], output: Output) => Promise<ExitCode>
