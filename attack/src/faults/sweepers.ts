import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import type { Place } from '../place/place.ts'
import { killProcess } from '../place/server.ts'

/** Processes of `db integrity sweep --watch`. One that is killed is started again. */
export interface Sweepers {
  /** kill -9 */
  kill(which: number): void
  /** Asks them to end, as a service manager does. @returns what went wrong at it */
  stop(): Promise<readonly string[]>
}

const patience = 30_000

export function startSweepers(place: Pick<Place, 'start'>, size: number): Sweepers {
  let stopping = false
  const children: ChildProcess[] = []
  const problems: string[] = []
  const start = (index: number) => {
    const child = place.start('integrity', 'sweep', '--watch')
    children[index] = child
    const said = child.stderr ? text(child.stderr) : Promise.resolve('')
    child.once('exit', async (code) => {
      if (stopping) return
      // Who is killed has no exit code. Whatever else happens, a sweeper has to bear.
      if (code !== null) problems.push(`a sweeper ended by itself with ${code}: ${await said}`)
      start(index)
    })
  }
  for (let index = 0; index < size; index += 1) start(index)
  return {
    kill: (which) => {
      const pid = children[which % size]?.pid
      if (pid !== undefined) killProcess(pid)
    },
    stop: async () => {
      stopping = true
      const ends = await Promise.all(children.map(end))
      return [...problems, ...ends.flatMap((problem) => problem ?? [])]
    },
  }
}

async function end(child: ChildProcess): Promise<string | undefined> {
  if (child.exitCode !== null || child.signalCode !== null) return undefined
  const timer = setTimeout(() => child.kill('SIGKILL'), patience)
  child.kill('SIGTERM')
  const [code, signal] = await once(child, 'exit')
  clearTimeout(timer)
  if (signal === 'SIGKILL') return `a sweeper did not end within ${patience / 1000} s of SIGTERM`
  // By the signal itself: it had only just been started.
  return code === 0 || signal === 'SIGTERM' ? undefined : `a sweeper ended with ${code}`
}
