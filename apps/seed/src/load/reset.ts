import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { databases } from './seed.ts'

/**
 * Drops both databases and brings them to head again, as `pnpm db:reset` does: it asks first. Rows that were only
 * deleted would leave tombstones behind, and the same seed makes the same ids again.
 * @returns the command's exit code; what went wrong stands on stderr
 */
export async function reset(cwd: string, config: string | undefined, yes: boolean): Promise<number> {
  const command = join(fileURLToPath(new URL('../../node_modules/.bin', import.meta.url)), 'db')
  const args = ['reset', '--only', databases.map(([{ name }]) => name).join(',')]
  if (config !== undefined) args.push('--config', config)
  if (yes) args.push('--yes')
  const child = spawn(command, args, {
    cwd,
    // The result of the whole is the seed's to print.
    stdio: ['inherit', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
  const [code]: unknown[] = await once(child, 'close')
  return typeof code === 'number' ? code : 1
}
