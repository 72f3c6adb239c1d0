import { type ExitCode, errorMessage, exitCodes, isFailure } from '@manybase/failure'
import type { Command } from './commands/command.ts'

/** Runs a command and says how it ended. The only place that prints a failure or picks its exit code. */
export async function main(load: () => Promise<Command>, args: readonly string[]): Promise<ExitCode> {
  const output = {
    data: (text: string) => void process.stdout.write(`${text}\n`),
    note: (text: string) => void process.stderr.write(`${text}\n`),
  }
  try {
    const command = await load()
    return await command(args, output)
  } catch (error) {
    output.note(renderError(error))
    return isFailure(error) ? error.exitCode : exitCodes.bug
  }
}

function renderError(error: unknown): string {
  if (isFailure(error)) {
    return [`✖ ${error.what} [${error.code}]`, `  why  ${error.why}`, `  fix  ${error.fix}`].join('\n')
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : errorMessage(error)
  return `✖ This is a bug of ours, not of yours. [bug]\n${text}`
}

export const commands = {
  lintReferences: async () => (await import('./commands/lint-references.ts')).lintReferences,
  schemaReference: async () => (await import('./commands/schema-reference.ts')).schemaReference,
}
