import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { dbCommand } from './project.ts'

/** Starts `db` in the project. Only its errors are read. */
export function startDb(
  directory: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): ChildProcess {
  return spawn(process.execPath, [dbCommand, ...args], {
    cwd: directory,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
}

/** How a command ended; no code when it was killed. */
export interface Ending {
  readonly code: number | null
  readonly stderr: string
}

/** Runs `db` to its end, whatever that is. */
export async function tryDb(
  directory: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Ending> {
  const child = startDb(directory, args, env)
  const said = child.stderr ? text(child.stderr) : Promise.resolve('')
  const closed = once(child, 'close')
  const stderr = await said
  await closed
  return { code: child.exitCode, stderr }
}

/** Runs `db` to its end. @throws with what it said when it failed */
export async function runDb(...how: Parameters<typeof tryDb>): Promise<void> {
  const { code, stderr } = await tryDb(...how)
  if (code !== 0) throw new Error(`db ${how[1].join(' ')} ended with ${code}: ${stderr}`)
}
