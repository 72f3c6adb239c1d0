import { type ChildProcess, spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { errorCode } from '@manybase/failure'
import type { Target } from '../catalog/target.ts'
import { prismaMissing } from './failures.ts'

/** One Prisma Studio that serves, as a process of its own. */
export interface Studio {
  readonly target: Target
  readonly port: number
  readonly url: string
  /** Resolves when the process is gone, with how it went: `exit code 1`, `signal SIGKILL`. */
  readonly end: Promise<string>
}

/** How a start went; `ended` also when it was stopped before it could serve. */
export type Start =
  | { readonly kind: 'serves'; readonly studio: Studio }
  | { readonly kind: 'port taken' }
  | { readonly kind: 'ended'; readonly how: string }

/** A process that hasn't ended so many milliseconds after it was asked to is killed. */
const patience = 5000

/**
 * Starts Prisma Studio for a database and waits until it serves.
 * @param stop ends the process, whether it serves already or not
 * @throws `studio.prisma-missing`
 */
export async function startStudio(target: Target, port: number, stop: AbortSignal): Promise<Start> {
  const url = `http://localhost:${port}`
  const child = spawn('prisma', ['studio', '--port', String(port), '--browser', 'none'], {
    cwd: target.directory,
    env: environmentFor(target),
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  })
  const end = endOf(child, target)
  const terminate = () => void terminateAt(child, end)
  stop.addEventListener('abort', terminate, { once: true })
  if (stop.aborted) terminate()

  // What it says before it serves matters only where it never does.
  const complaints: string[] = []
  let serves = false
  const relay = (line: string) => void process.stderr.write(`${hideSecret(line, target)}\n`)
  onLine(child.stderr, (line) => (serves ? relay(line) : complaints.push(line)))
  const served = new Promise<'served'>((resolve) =>
    onLine(child.stdout, (line) => line.includes(url) && resolve('served')),
  )
  const first = await Promise.race([served, end])
  if (first === 'served') {
    serves = true
    return { kind: 'serves', studio: { target, port, url, end } }
  }
  if (complaints.some((line) => line.includes('EADDRINUSE'))) return { kind: 'port taken' }
  if (!stop.aborted) complaints.forEach(relay)
  return { kind: 'ended', how: first }
}

/** The URL goes by the environment, which other users can't read; arguments they can. */
function environmentFor({ directory, source, connection, membership }: Target): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PATH: [join(directory, 'node_modules/.bin'), process.env.PATH].join(delimiter),
    ...(source.kind === 'variable' && { [source.name]: connection.url }),
    ...(membership && { DB_MEMBER: membership.member }),
  }
}

function endOf(child: ChildProcess, { directory }: Target): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  child.once('error', (error) =>
    reject(errorCode(error) === 'ENOENT' ? prismaMissing({ directory }, error) : error),
  )
  child.once('close', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`))
  return promise
}

async function terminateAt(child: ChildProcess, end: Promise<string>): Promise<void> {
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), patience)
  await end.catch(() => undefined)
  clearTimeout(timer)
}

const onLine = (stream: Readable, heed: (line: string) => unknown): void => {
  createInterface({ input: stream }).on('line', heed)
}

/** Errors of drivers may quote what they were given. */
function hideSecret(line: string, { connection }: Target): string {
  const { password, searchParams } = new URL(connection.url)
  const secrets = [password, decodeURIComponent(password), searchParams.get('password') ?? '']
  return secrets.filter(Boolean).reduce((shown, secret) => shown.replaceAll(secret, '***'), line)
}
