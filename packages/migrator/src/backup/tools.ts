import { execFile, spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { errorMessage } from '@manybase/failure'
import type { Target } from '../catalog/resolve.ts'
import { maskPassword, withDatabase } from '../catalog/url.ts'
import { toolFailed } from './failures.ts'

/** A program of PostgreSQL's. */
export interface Tool {
  readonly path: string
  /** `pg_dump (PostgreSQL) 17.10 (Debian …)` */
  readonly description: string
  readonly major: number
}

/** Where Debian and its like keep several versions side by side. */
const versionsFolder = '/usr/lib/postgresql'

/** All that there are, those on the PATH first. */
export async function findTools(
  name: 'pg_dump' | 'pg_restore',
  path = process.env.PATH ?? '',
): Promise<readonly Tool[]> {
  const folders = [...path.split(delimiter).filter(Boolean), ...versionFolders()]
  const program = process.platform === 'win32' ? `${name}.exe` : name
  const asked = await Promise.all([...new Set(folders)].map((folder) => ask(join(folder, program))))
  return asked.filter((tool) => tool !== undefined)
}

function versionFolders(): readonly string[] {
  try {
    return readdirSync(versionsFolder).map((version) => join(versionsFolder, version, 'bin'))
  } catch {
    return []
  }
}

async function ask(path: string): Promise<Tool | undefined> {
  try {
    const { stdout } = await promisify(execFile)(path, ['--version'])
    const major = /\(PostgreSQL\) (\d+)/.exec(stdout)?.[1]
    return major === undefined ? undefined : { path, description: stdout.trim(), major: Number(major) }
  } catch {
    return undefined
  }
}

/** The oldest that reads what a server of this version has: newer ones write files that fewer can read. */
export const fitting = (tools: readonly Tool[], major: number): Tool | undefined =>
  tools.filter((tool) => tool.major >= major).sort((a, b) => a.major - b.major)[0]

/**
 * Runs a program on a target's server; its password goes through the environment, which only this user can see.
 * @throws `backup.tool-failed`
 */
export async function runTool(
  tool: Tool,
  target: Target,
  database: string,
  args: readonly string[],
): Promise<void> {
  const { url, password } = forLibpq(target.connection.connectionString, database)
  const child = spawn(tool.path, [...args, '--no-password', `--dbname=${url}`], {
    env: { ...process.env, ...(password !== undefined && { PGPASSWORD: password }) },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const said: string[] = []
  child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text))
  const failure = await new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(errorMessage(error)))
    child.once('close', (code, signal) => resolve(code === 0 ? undefined : (signal ?? `exit code ${code}`)))
  })
  if (failure === undefined) return
  const message = said.join('').trim().split('\n').slice(-linesShown).join('\n')
  throw toolFailed({
    tool: tool.description,
    database: target.name,
    message: maskPassword(message || failure),
  })
}

const linesShown = 10

/** Parameters that the driver and libpq both know; the driver's own would be an error there. */
const shared = ['host', 'port', 'sslmode', 'sslcert', 'sslkey', 'sslrootcert', 'options', 'connect_timeout']

/** A URL that libpq understands, without its password. */
export function forLibpq(
  connectionString: string,
  database: string,
): { readonly url: string; readonly password: string | undefined } {
  const url = new URL(withDatabase(connectionString, database))
  const parameter = url.searchParams.get('password')
  const password = parameter ?? (url.password === '' ? undefined : decodeURIComponent(url.password))
  const user = url.searchParams.get('user')
  url.password = ''
  if (user !== null) url.username = encodeURIComponent(user)
  for (const name of [...url.searchParams.keys()]) if (!shared.includes(name)) url.searchParams.delete(name)
  // What the driver takes for "encrypted, whoever it is" has this name in libpq.
  if (url.searchParams.get('sslmode') === 'no-verify') url.searchParams.set('sslmode', 'require')
  return { url: url.href, password }
}
