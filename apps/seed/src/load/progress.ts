import type { Step } from './load.ts'

/** What is needed of a stream: `process.stderr`. */
type Terminal = Pick<NodeJS.WriteStream, 'isTTY' | 'write'>

/** Shows rows, rate and the estimated end. */
export interface Progress {
  step(step: Step): void
  /** Takes the line that is being rewritten away. */
  end(): void
}

const [onTerminal, elsewhere] = [200, 10_000]

/** On a terminal one line is rewritten; elsewhere a line comes every ten seconds. */
export function makeProgress(stream: Terminal, now: () => number = () => performance.now()): Progress {
  const steps = new Map<string, Step>()
  const start = now()
  let shown = start
  return {
    step: (step) => {
      steps.set(step.database, step)
      if (now() - shown < (stream.isTTY ? onTerminal : elsewhere)) return
      shown = now()
      const line = describe([...steps.values()], (shown - start) / 1000)
      stream.write(stream.isTTY ? `\r\u001b[2K  ${line}` : `  ${line}\n`)
    },
    end: () => {
      if (stream.isTTY) stream.write('\r\u001b[2K')
    },
  }
}

/** The database that has the most left to do decides when the whole is done. */
export function describe(steps: readonly Step[], seconds: number): string {
  const rows = steps.reduce((sum, step) => sum + step.rows, 0)
  const share = Math.min(...steps.map(({ done, of }) => done / of))
  const left = share > 0 ? Math.ceil((seconds / share) * (1 - share)) : undefined
  const rate = Math.round(rows / seconds).toLocaleString('en')
  const end = left === undefined ? '' : `, ${left} s left`
  return `${rows.toLocaleString('en')} rows, ${Math.floor(100 * share)} %, ${rate} rows/s${end}`
}
