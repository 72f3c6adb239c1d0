import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Database } from '../catalog/catalog.ts'
import type { Context } from '../settings/context.ts'
import { generateFailed } from './failures.ts'
import { withFileLock } from './file-lock.ts'
import { schemaStamp } from './stamp.ts'

const stampFile = '.schema-sha256'

/**
 * Brings the generated clients in step with the schemas, by the catalog's `generate` command; costs a hash
 * a database when they are. Left out in production, where clients come with the build.
 * @throws `clients.generate-failed`
 */
export async function refreshClients({ catalog, env, output }: Context): Promise<void> {
  const { generate, databases } = catalog
  if (!generate || env.production) return
  const refresh = async (database: Database) => {
    if (isFresh(database, databases)) return
    await withFileLock(join(database.directory, 'node_modules/.generate.lock'), async () => {
      if (isFresh(database, databases)) return
      const start = performance.now()
      await runGenerate(generate, database.directory)
      stamp(database, databases)
      output.step(`generate the client of ${database.name}`, performance.now() - start)
    })
  }
  await Promise.all(databases.map(refresh))
}

function isFresh(database: Database, all: readonly Database[]): boolean {
  if (!existsSync(database.schemaFile)) return true
  const path = join(database.client, stampFile)
  return existsSync(path) && readFileSync(path, 'utf8') === schemaStamp(database, all)
}

function stamp(database: Database, all: readonly Database[]): void {
  if (existsSync(database.client)) {
    writeFileSync(join(database.client, stampFile), schemaStamp(database, all))
  }
}

async function runGenerate([command, ...args]: readonly [string, ...string[]], cwd: string): Promise<void> {
  const { spawn } = await import('node:child_process')
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const path = [join(cwd, 'node_modules/.bin'), process.env.PATH].join(delimiter)
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, PATH: path },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  })
  const chunks: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  const fail = (cause?: unknown) =>
    reject(
      generateFailed(
        { command: [command, ...args].join(' '), said: Buffer.concat(chunks).toString() },
        cause,
      ),
    )
  child.on('error', fail)
  child.on('close', (code) => (code === 0 ? resolve() : fail()))
  return await promise
}
