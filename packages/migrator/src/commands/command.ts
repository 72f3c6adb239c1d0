import type { ExitCode } from '@manybase/failure'
import { type Command, Option } from 'commander'
import type { ImportFile } from '../catalog/load.ts'
import { DbCommand } from '../report/examples.ts'
import { makeOutput } from '../report/output.ts'
import { type CommonOptions, type Context, makeContext } from '../settings/context.ts'

/** What is at hand when the command runs from its bundle. */
export interface Bundled {
  readonly importFile?: ImportFile | undefined
  /** The file with names and summaries of the commands. */
  readonly outline?: string | undefined
}

/** The process around a command: where it was called, and how it ends. */
export interface Shell extends Bundled {
  readonly cwd: string
  exit(code: ExitCode): void
  /** The program with the command of that name, or with all of them: for what describes commands. */
  program(name?: string): Promise<Command>
}

/** A command's module exports one of these under the name of its file. */
export type MakeCommand = (shell: Shell) => DbCommand

/** A command with the options that all have that are about databases. */
export const baseCommand = (name: string, summary: string): DbCommand =>
  withJson(
    withConfig(
      makeCommand(name, summary).addOption(
        new Option('--only <names>', 'only these databases of the catalog, by name or label').argParser(
          collect,
        ),
      ),
    ),
  )

/** A command about the whole catalog, which has no databases to choose from. */
export const catalogCommand = (name: string, summary: string): DbCommand =>
  withJson(withConfig(makeCommand(name, summary)))

/** A command that needs no catalog. */
export const plainCommand = (name: string, summary: string): DbCommand => withJson(makeCommand(name, summary))

const makeCommand = (name: string, summary: string): DbCommand =>
  new DbCommand(name).summary(summary).description(summary)

const withConfig = (command: DbCommand): DbCommand =>
  command.addOption(
    new Option('--config <file>', 'the catalog; default: databases.config.ts here or in a folder above'),
  )

const withJson = (command: DbCommand): DbCommand =>
  command.addOption(new Option('--json', 'print the result as JSON on stdout, and nothing else'))

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
