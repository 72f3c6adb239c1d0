import { type ChildProcess, spawn } from 'node:child_process'
import { type FileHandle, open, rename, stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Binaries } from './binaries.ts'
import { findPostmaster } from './find.ts'
import type { Home } from './home.ts'
import { type Identity, serverEnvironment } from './run.ts'
import { type Settings, settingArguments } from './settings.ts'
import { type StartupProblem, startupProblem } from './startup-log.ts'

export interface Launch {
  readonly home: Home
  readonly binaries: Binaries
  readonly identity: Identity
  readonly settings: Settings
  readonly port: number
}

/** Crash recovery of a large write-ahead log takes its time; the server says when it is done. */
const startTimeout = 300_000

/** In bytes. */
const logLimit = 10_000_000

/** Starts the server on one port and waits until it accepts connections. */
export async function launch(start: Launch): Promise<{ readonly kind: 'ready' } | StartupProblem> {
  await turnOver(start.home.log)
  const log = await open(start.home.log, 'a+', 0o600)
  try {
    const { size } = await log.stat()
    const ended = process.platform === 'win32' ? startByPgCtl(start) : startDetached(start, log)
    const deadline = performance.now() + startTimeout
    while (performance.now() < deadline) {
      const over = ended()
      if ((await findPostmaster(start.home))?.ready) return { kind: 'ready' }
      if (over) return startupProblem(await textFrom(log, size))
      await sleep(4)
    }
    return { kind: 'other', tail: `The server was not ready after ${startTimeout / 1000} seconds.` }
  } finally {
    await log.close()
  }
}

/** Keeps one earlier log; a development server is not worth more. */
async function turnOver(log: string): Promise<void> {
  const size = (await stat(log).catch(() => undefined))?.size ?? 0
  if (size > logLimit) await rename(log, `${log}.1`)
}

/** @returns a function that tells whether the server has ended again. */
type Ended = () => boolean

/** In a session of its own, so that neither Ctrl-C nor the end of the terminal reaches it. */
function startDetached({ home, binaries, identity, settings, port }: Launch, log: FileHandle): Ended {
  const args = ['-D', home.data, '-p', String(port), ...settingArguments(settings)]
  const [program = binaries.postgres, ...rest] = [...identity.prefix, binaries.postgres, ...args]
  const child = spawn(program, rest, {
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    env: serverEnvironment(),
    cwd: home.directory,
    ...identity.account,
  })
  child.unref()
  return endOf(child)
}

function endOf(child: ChildProcess): Ended {
  let ended = false
  child.once('exit', () => {
    ended = true
  })
  child.once('error', () => {
    ended = true
  })
  return () => ended
}

/**
 * On Windows PostgreSQL refuses an administrator's rights, and pg_ctl knows how to give them up. Nothing is
 * read from it, since the server inherits its pipes there.
 */
function startByPgCtl({ home, binaries, settings, port }: Launch): Ended {
  const quoted = ['-p', String(port), ...settingArguments(settings)].map((word) => `"${word}"`).join(' ')
  const args = ['start', '-w', '-D', home.data, '-l', home.log, '-o', quoted]
  const child = spawn(binaries.pgCtl, args, { stdio: 'ignore', env: serverEnvironment(), windowsHide: true })
  const ended = endOf(child)
  return () => ended() && child.exitCode !== 0
}

async function textFrom(log: FileHandle, position: number): Promise<string> {
  const { size } = await log.stat()
  const buffer = Buffer.alloc(Math.min(size - position, 1_000_000))
  await log.read(buffer, 0, buffer.length, position)
  return buffer.toString('utf8')
}
