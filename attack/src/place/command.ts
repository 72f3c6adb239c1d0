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

/** Runs `db` to its end. @throws with what it said when it failed */
export async function runDb(
  directory: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const child = startDb(directory, args, env)
  const said = child.stderr ? text(child.stderr) : Promise.resolve('')
  const [stderr, [code]] = await Promise.all([said, once(child, 'close')])
  if (code !== 0) throw new Error(`db ${args.join(' ')} ended with ${code}: ${stderr}`)
}
