import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { delimiter, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { hidden } from './secrets.ts'

export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')
const bin = join(root, 'node_modules/.bin')
export const node = join(bin, 'node')
export const dbCommand = join(root, 'packages/migrator/bin/db.cjs')

/** What a command left behind. */
export interface Result {
  readonly stdout: string
  readonly stderr: string
  /** Undefined when a signal ended it. */
  readonly exitCode: number | undefined
}

export interface RunOptions {
  readonly cwd: string
  /** On top of PATH and HOME alone: nothing of the tests' own environment gets through. */
  readonly env?: Readonly<Record<string, string>>
  /** For the one command whose work it is to print passwords. */
  readonly mayShowPasswords?: boolean
}

export const environment = (more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => ({
  PATH: [bin, process.env.PATH].join(delimiter),
  HOME: process.env.HOME,
  ...wayToTheRegistry,
  ...more,
})

/** Without these, npx can wait for minutes behind a proxy, and keeps every other npx of the machine waiting. */
const wayToTheRegistry = Object.fromEntries(
  Object.entries(process.env).filter(([name]) =>
    /^(NODE_EXTRA_CA_CERTS|(HTTPS?|NO)_PROXY|npm_config_registry)$/i.test(name),
  ),
)

/** Starts a command without a terminal; `result` resolves when it has ended. */
export function start(command: string, args: readonly string[], options: RunOptions) {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: environment(options.env),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const collect = async (): Promise<Result> => {
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ])
    if (!options.mayShowPasswords) hidden(stdout, stderr)
    return { stdout, stderr, exitCode: typeof code === 'number' ? code : undefined }
  }
  return { child, result: collect() }
}

/** Runs a command to its end. Rejects when any of its output shows a password. */
export const run = (command: string, args: readonly string[], options: RunOptions): Promise<Result> =>
  start(command, args, options).result

/** The last `count` lines of an output. */
export const lastLines = (output: string, count: number): readonly string[] =>
  output.trimEnd().split('\n').slice(-count)
