import { spawn } from 'node:child_process'

/** As whom PostgreSQL's programs run. */
export interface Identity {
  /** A program that runs another, to be put in front of the command. */
  readonly prefix: readonly string[]
  /** Another account. What it must read and write has to be given to it. */
  readonly account?: { readonly uid: number; readonly gid: number }
}

export interface Outcome {
  readonly code: number | null
  /** stdout and stderr, in the order of their arrival. */
  readonly output: string
}

export interface RunOptions {
  readonly identity?: Identity
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
}

/** Runs a program to its end. An exit code other than 0 is an outcome, not an error. */
export function run(
  program: string,
  args: readonly string[],
  { identity, cwd, env = serverEnvironment() }: RunOptions = {},
): Promise<Outcome> {
  const [command, ...rest] = [...(identity?.prefix ?? []), program, ...args]
  return new Promise((resolve, reject) => {
    const child = spawn(command ?? program, rest, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env,
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

const passedOn = [
  'PATH',
  'HOME',
  'TMPDIR',
  'LD_LIBRARY_PATH',
  // Windows programs fail in odd ways without these.
  'SYSTEMROOT',
  'WINDIR',
  'COMSPEC',
  'TEMP',
  'TMP',
  'USERPROFILE',
  'APPDATA',
  'LOCALAPPDATA',
]

/**
 * The environment of PostgreSQL's programs. The server outlives its starter by weeks, so it doesn't get the
 * starter's secrets, nor PG* variables and a language that would change what it does and says. A fixed time
 * zone spares initdb the search for the machine's.
 */
export function serverEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => passedOn.includes(name.toUpperCase()))
  return { ...Object.fromEntries(kept), LC_ALL: 'C', TZ: 'UTC' }
}
