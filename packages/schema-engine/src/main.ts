import { parseArguments } from './arguments.ts'
import { runCliCommand } from './cli-commands/index.ts'
import { log } from './log.ts'
import { serve } from './rpc/index.ts'

/** What the Prisma CLI's schema engine does with these arguments: one subcommand, or JSON-RPC on stdin. */
export async function main(argv: readonly string[]): Promise<void> {
  // The CLI reads stderr as JSON, line by line: Node's own warnings would be noise in it.
  process.removeAllListeners('warning')
  process.on('warning', (warning) => log('WARN', { message: warning.message }))
  const options = parseArguments(argv)
  if (options.command === undefined) await serve(options)
  else process.exitCode = await runCliCommand(options.command, options.datasource.url)
}
