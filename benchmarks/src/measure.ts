import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A program as it is started: nothing secret among its arguments, since every process can read those. */
export interface Command {
  readonly program: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

export interface Run {
  readonly milliseconds: number
  /** Peak of the largest process in the tree, in KiB; undefined where nothing can measure it. */
  readonly kibibytes: number | undefined
  readonly exitCode: number | null
  /** stdout and stderr, as they came. */
  readonly output: string
}

const gnuTime = '/usr/bin/time'

/** How peak memory is measured on this machine, or undefined when it can't be. */
export const memoryMethod = (): string | undefined =>
  process.platform === 'linux' && existsSync(gnuTime)
    ? `maximum resident set of the largest process, from wait4 by ${gnuTime}`
    : undefined

/**
 * Runs a command to its end. GNU time stands between, since a process inherits the peak of the one that forks it:
 * started by a large Node, a small program would be credited with Node's memory.
 *
 * @param folder where the memory reading is put down.
 */
export async function measure(command: Command, folder: string): Promise<Run> {
  const reading = memoryMethod() && join(folder, 'peak-memory')
  const { program, args, cwd, env } = command
  const [started, ...rest] = reading
    ? [gnuTime, '-q', '-f', '%M', '-o', reading, program, ...args]
    : [program, ...args]
  const begin = performance.now()
  const child = spawn(started ?? program, rest, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const chunks: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  const { promise, resolve, reject } = Promise.withResolvers<Run>()
  let milliseconds = 0
  child.once('error', reject)
  child.once('exit', () => {
    milliseconds = performance.now() - begin
  })
  child.once('close', (exitCode) => {
    const kibibytes = reading ? Number(readFileSync(reading, 'utf8').trim()) : undefined
    resolve({ milliseconds, kibibytes, exitCode, output: Buffer.concat(chunks).toString().trim() })
  })
  return await promise
}
