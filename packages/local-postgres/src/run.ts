import { spawn } from 'node:child_process'
import type { Identity } from './identity.ts'

export interface Outcome {
  readonly code: number | null
  /** stdout and stderr, in the order of their arrival. */
  readonly output: string
}

/** Runs a program to its end. An exit code other than 0 is an outcome, not an error. */
export function run(
  program: string,
  args: readonly string[],
  { identity, cwd }: { readonly identity?: Identity; readonly cwd?: string } = {},
): Promise<Outcome> {
  const [command, ...rest] = [...(identity?.prefix ?? []), program, ...args]
  return new Promise((resolve, reject) => {
    const child = spawn(command ?? program, rest, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: serverEnvironment(),
      windowsHide: true,
      ...(cwd === undefined ? {} : { cwd }),
      ...identity?.account,
    })
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, output: Buffer.concat(chunks).toString('utf8').trim() }))
  })
}

/**
 * The environment of PostgreSQL's programs: without the caller's PG* variables, which would change what they
 * do, and with messages in English. A fixed time zone spares initdb the search for the machine's.
 */
export function serverEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const own = Object.entries(env).filter(([name]) => !/^(PG|LC_|LANG)/i.test(name))
  return { ...Object.fromEntries(own), LC_ALL: 'C', TZ: 'UTC' }
}
