import type { ExitCode } from '@manybase/failure'
import { type Command, Option } from 'commander'
import type { ImportFile } from '../catalog/load.ts'
import { DbCommand } from '../report/examples.ts'
import { makeOutput } from '../report/output.ts'
import { type CommonOptions, type Context, makeContext } from '../settings/context.ts'

/** The process around a command: where it was called, and how it ends. */
export interface Shell {
  readonly cwd: string
  readonly importFile?: ImportFile | undefined
  exit(code: ExitCode): void
  /** The program with the command of that name, or with all of them: for what describes commands. */
  program(name?: string): Promise<Command>
}

/** A command's module exports one of these under the name of its file. */
export type MakeCommand = (shell: Shell) => DbCommand

/** A command with the options that all of them have. */
export const baseCommand = (name: string, summary: string): DbCommand =>
  new DbCommand(name)
    .summary(summary)
    .description(summary)
    .addOption(
      new Option('--only <names>', 'only these databases of the catalog, by name or label').argParser(
        collect,
      ),
    )
    .addOption(
      new Option('--config <file>', 'the catalog; default: databases.config.ts here or in a folder above'),
    )
    .addOption(new Option('--json', 'print the result as JSON on stdout, and nothing else'))

const collect = (names: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  ...names.split(','),
]

export const contextFor = (shell: Shell, options: CommonOptions): Promise<Context> =>
  makeContext(shell.cwd, options, makeOutput(options.json === true), shell.importFile)

/** Wraps the work of a command without arguments: builds its context and hands its exit code to the shell. */
export const action =
  <O extends CommonOptions>(shell: Shell, run: (context: Context, options: O) => Promise<ExitCode>) =>
  async (options: O): Promise<void> => {
    shell.exit(await run(await contextFor(shell, options), options))
  }
