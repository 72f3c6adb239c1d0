import { setFlagsFromString } from 'node:v8'
import { parseArguments } from './arguments.ts'
import { log } from './log.ts'

/** What the Prisma CLI's schema engine does with these arguments: one subcommand, or JSON-RPC on stdin. */
export async function main(argv: readonly string[]): Promise<void> {
  // The CLI reads stderr as JSON, line by line: Node's own warnings would be noise in it.
  process.removeAllListeners('warning')
  process.on('warning', (warning) => log('WARN', { message: warning.message }))
  const options = parseArguments(argv)
  if (options.command !== undefined) {
    const { runCliCommand } = await import('./cli-commands/index.ts')
    process.exitCode = await runCliCommand(options.command, options.datasource.url)
    return
  }
  // The engine lives for a second: code that is compiled once and fast beats code that is optimized.
  setFlagsFromString('--liftoff-only')
  // A compilation in the background can keep Node from ever exiting (https://github.com/nodejs/node/issues/54918).
  setFlagsFromString('--no-concurrent-recompilation')
  const { loadEngineModule } = await import('./engine/wasm.ts')
  // Compiled in the background while the rest is loaded; whoever needs it meets its failure.
  loadEngineModule().catch(() => undefined)
  const { serve } = await import('./rpc/index.ts')
  await serve(options)
}
