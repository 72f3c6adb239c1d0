import type { LogEntry, LogLevel, LogOptions } from './options.ts'
import { withoutValues } from './without-values.ts'

/** A query as Prisma reports it. */
interface QueryEvent {
  readonly timestamp: Date
  readonly query: string
  readonly params: string
  readonly duration: number
}

/** Anything else that Prisma reports. */
interface MessageEvent {
  readonly timestamp: Date
  readonly message: string
}

export interface Log {
  /** The levels that Prisma must emit: those asked for, and queries when slow ones are. */
  readonly levels: readonly LogLevel[]
  readonly query: (event: QueryEvent) => void
  readonly message: (level: Exclude<LogLevel, 'query'>, event: MessageEvent) => void
}

export function logFrom(options: LogOptions = {}): Log {
  const { write = writeLine, slowQuery, parameters = false } = options
  const wanted = new Set<LogLevel>(options.levels ?? ['warn', 'error'])
  return {
    levels: slowQuery ? [...new Set<LogLevel>([...wanted, 'query'])] : [...wanted],
    query({ timestamp, query, params, duration }) {
      const entry = { message: query, at: timestamp, duration, ...(parameters && { parameters: params }) }
      if (wanted.has('query')) write({ level: 'query', ...entry })
      if (slowQuery && duration >= slowQuery.threshold) slowQuery.report(entry)
    },
    message(level, { timestamp, message }) {
      if (wanted.has(level)) {
        write({ level, message: parameters ? message : withoutValues(message), at: timestamp })
      }
    },
  }
}

/** stderr, so that a program's stdout stays its own. */
function writeLine({ level, message, at, duration, parameters }: LogEntry) {
  const time = duration === undefined ? [] : [`(${duration.toFixed(1)} ms)`]
  const values = parameters === undefined ? [] : [parameters]
  process.stderr.write(`${[at.toISOString(), level, message, ...time, ...values].join(' ')}\n`)
}
