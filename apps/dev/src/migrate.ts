import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../../', import.meta.url))

/** `pnpm db:migrate`, which also starts the local server and generates the clients. @returns its exit code */
export async function migrate(): Promise<number> {
  const child = spawn(process.execPath, [join(root, 'packages/migrator/bin/db.cjs'), 'migrate'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const [code]: unknown[] = await once(child, 'close')
  return typeof code === 'number' ? code : 1
}
