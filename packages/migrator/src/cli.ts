import { type ExitCode, errorCode, exitCodes } from '@manybase/failure'
import { Command, type CommanderError } from 'commander'
import type { Bundled, MakeCommand, Shell } from './commands/command.ts'
import { leavesOf } from './report/examples.ts'
import { errorToJson, exitCodeOf, renderError } from './report/failure.ts'
import { expandShort } from './settings/short-words.ts'

export { examplesOf, leavesOf } from './report/examples.ts'

/**
 * Each command is loaded only when it is called; the order is that of the help page. Of a name of two words the first
 * is the family: `db integrity sweep`.
 */
const commands: Readonly<Record<string, () => Promise<MakeCommand>>> = {
  migrate: async () => (await import('./commands/migrate.ts')).migrate,
  upgrade: async () => (await import('./commands/upgrade.ts')).upgrade,
  downgrade: async () => (await import('./commands/downgrade.ts')).downgrade,
  data: async () => (await import('./commands/data.ts')).data,
  status: async () => (await import('./commands/status.ts')).status,
  current: async () => (await import('./commands/current.ts')).current,
  history: async () => (await import('./commands/history.ts')).history,
  heads: async () => (await import('./commands/heads.ts')).heads,
  branches: async () => (await import('./commands/branches.ts')).branches,
  show: async () => (await import('./commands/show.ts')).show,
  verify: async () => (await import('./commands/verify.ts')).verify,
  create: async () => (await import('./commands/create.ts')).create,
  stamp: async () => (await import('./commands/stamp.ts')).stamp,
  baseline: async () => (await import('./commands/baseline.ts')).baseline,
  merge: async () => (await import('./commands/merge.ts')).merge,
  squash: async () => (await import('./commands/squash.ts')).squash,
  lint: async () => (await import('./commands/lint.ts')).lint,
  docs: async () => (await import('./commands/docs.ts')).docs,
  diagram: async () => (await import('./commands/diagram.ts')).diagram,
  check: async () => (await import('./commands/check.ts')).check,
  test: async () => (await import('./commands/test.ts')).test,
  drift: async () => (await import('./commands/drift.ts')).drift,
  backup: async () => (await import('./commands/backup.ts')).backup,
  restore: async () => (await import('./commands/restore.ts')).restore,
  roles: async () => (await import('./commands/roles.ts')).roles,
  preflight: async () => (await import('./commands/preflight.ts')).preflight,
  explain: async () => (await import('./commands/explain.ts')).explain,
  wait: async () => (await import('./commands/wait.ts')).wait,
  config: async () => (await import('./commands/config.ts')).config,
  url: async () => (await import('./commands/url.ts')).url,
  inspect: async () => (await import('./commands/inspect.ts')).inspect,
  up: async () => (await import('./commands/up.ts')).up,
  down: async () => (await import('./commands/down.ts')).down,
  reset: async () => (await import('./commands/reset.ts')).reset,
  'integrity status': async () => (await import('./commands/integrity/status.ts')).status,
  'integrity sweep': async () => (await import('./commands/integrity/sweep.ts')).sweep,
  'integrity scan': async () => (await import('./commands/integrity/scan.ts')).scan,
  'integrity repair': async () => (await import('./commands/integrity/repair.ts')).repair,
  'integrity receipts': async () => (await import('./commands/integrity/receipts.ts')).receipts,
  'integrity delete': async () => (await import('./commands/integrity/delete.ts')).deleteRows,
  'integrity revive': async () => (await import('./commands/integrity/revive.ts')).revive,
  'integrity pause': async () => (await import('./commands/integrity/pause.ts')).pause,
  'integrity resume': async () => (await import('./commands/integrity/resume.ts')).resume,
  'integrity uninstall': async () => (await import('./commands/integrity/uninstall.ts')).uninstall,
  studio: async () => (await import('./commands/studio.ts')).studio,
  completion: async () => (await import('./commands/completion.ts')).completion,
}

const families: Readonly<Record<string, string>> = {
  integrity: 'keep what the databases say of each other true',
}

/** Runs the command line and says how it ended. The only place that prints a failure or picks an exit code. */
export async function main(args: readonly string[], cwd: string, bundled: Bundled = {}): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.done
  const shell: Shell = {
    ...bundled,
    cwd,
    exit: (code) => {
      exitCode = code
    },
    program: (name) => makeProgram(name, shell),
  }
  try {
    const program = await makeProgram(args[0], shell)
    await program.parseAsync(args.flatMap(expandShort), { from: 'user' })
    return exitCode
  } catch (error) {
    if (isCommanderError(error)) return error.exitCode === 0 ? exitCodes.done : exitCodes.precondition
    if (args.includes('--json')) process.stdout.write(`${JSON.stringify(errorToJson(error), null, 2)}\n`)
    else process.stderr.write(`${renderError(error, cwd)}\n`)
    return exitCodeOf(error)
  }
}

/** By its code, since a command that is loaded on demand may bring a commander of its own. */
const isCommanderError = (error: unknown): error is CommanderError =>
  errorCode(error)?.startsWith('commander.') ?? false

/** All commands, for whoever describes them: none of them is run. */
export function describeCommands(): Promise<Command> {
  const shell: Shell = { cwd: process.cwd(), exit: () => {}, program: (name) => makeProgram(name, shell) }
  return shell.program()
}

/** The program with the command or family of that name, or with all of them. */
async function makeProgram(name: string | undefined, shell: Shell): Promise<Command> {
  const program = new Command('db').description(
    'Migrations, servers and clients of all databases in the catalog.',
  )
  const called = Object.entries(commands).filter(([key]) => key.split(' ')[0] === name)
  for (const [key, load] of called.length > 0 ? called : Object.entries(commands)) {
    parentOf(key, program).addCommand((await load())(shell))
  }
  const made = [program, ...program.commands, ...leavesOf(program).map(({ command }) => command)]
  for (const command of made) command.exitOverride().showSuggestionAfterError()
  return program
}

/** The program, or the family that it has for the key. */
function parentOf(key: string, program: Command): Command {
  const [family = '', member] = key.split(' ')
  if (member === undefined) return program
  const known = program.commands.find((command) => command.name() === family)
  if (known) return known
  const made = new Command(family).summary(families[family] ?? '').description(families[family] ?? '')
  program.addCommand(made)
  return made
}
