import { dim, duration } from './output.ts'

/** Shows that long steps are still under way. */
export interface Progress {
  start(name: string): void
  /** How far it is; the line that shows it says so from now on. */
  tell(name: string, how: string): void
  end(name: string): void
  /** Takes the line that is being rewritten away, so that another one can be written. */
  clear(): void
}

/** What is needed of a stream: `process.stderr`. */
type Terminal = Pick<NodeJS.WriteStream, 'isTTY' | 'write'>

/** Steps that are done sooner are not worth a word, in milliseconds. */
const patience = 2000
const [frameEvery, lineEvery] = [100, 10_000]
const frames = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'

/**
 * On a terminal one line is rewritten; elsewhere a line comes every ten seconds.
 * @param tally says how far the whole is, which is then shown whatever the steps take
 */
export function makeProgress(stream: Terminal, note: (line: string) => void, tally?: () => string): Progress {
  const running = new Map<string, { readonly start: number; readonly how?: string }>()
  let timer: NodeJS.Timeout | undefined
  let shown = false
  let ticks = 0
  const clear = () => {
    if (shown) stream.write('\r\u001b[2K')
    shown = false
  }
  const tick = () => {
    const now = performance.now()
    const long = [...running].filter(([, { start }]) => now - start > patience)
    if (long.length === 0 && !tally) return
    const steps = long
      .map(([name, { start, how }]) => `${name} ${dim(duration(now - start))}${how ? ` ${how}` : ''}`)
      .join(', ')
    const line = [...(tally ? [tally()] : []), ...(steps === '' ? [] : [steps])].join('; ')
    if (!stream.isTTY) return note(`  still running: ${line}`)
    clear()
    stream.write(`  ${frames[ticks++ % frames.length]} ${line}`)
    shown = true
  }
  return {
    clear,
    start: (name) => {
      running.set(name, { start: performance.now() })
      timer ??= setInterval(tick, stream.isTTY ? frameEvery : lineEvery).unref()
    },
    tell: (name, how) => {
      const known = running.get(name)
      if (known) running.set(name, { ...known, how })
    },
    end: (name) => {
      running.delete(name)
      clear()
      if (running.size > 0) return
      clearInterval(timer)
      timer = undefined
    },
  }
}
