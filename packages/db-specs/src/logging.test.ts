import { describe, expect, test } from '@jest/globals'
import { logFrom } from './logging.ts'
import type { LogEntry, LogOptions, SlowQuery } from './options.ts'

const at = new Date('2026-01-02T03:04:05Z')
const event = { timestamp: at, query: 'SELECT $1', params: '["SECRET"]', duration: 20 }

function written(
  options: Omit<LogOptions, 'write'>,
  act: (log: ReturnType<typeof logFrom>) => void,
): LogEntry[] {
  const entries: LogEntry[] = []
  act(logFrom({ ...options, write: (entry) => entries.push(entry) }))
  return entries
}

describe('logFrom', () => {
  test('writes warnings and errors, unless told otherwise', () => {
    expect(logFrom().levels).toEqual(['warn', 'error'])
    const entries = written({}, (log) => {
      log.query(event)
      log.message('info', { timestamp: at, message: 'started' })
      log.message('warn', { timestamp: at, message: 'slow start' })
    })
    expect(entries).toEqual([{ level: 'warn', message: 'slow start', at }])
  })

  test('writes queries without their values', () => {
    const entries = written({ levels: ['query'] }, (log) => log.query(event))
    expect(entries).toEqual([{ level: 'query', message: 'SELECT $1', at, duration: 20 }])
  })

  test('writes errors without values', () => {
    const entries = written({}, (log) =>
      log.message('error', { timestamp: at, message: 'bad uuid: "SECRET"' }),
    )
    expect(entries).toEqual([{ level: 'error', message: 'bad uuid: "…"', at }])
  })

  test('writes values when asked to', () => {
    const entries = written({ levels: ['query', 'error'], parameters: true }, (log) => {
      log.query(event)
      log.message('error', { timestamp: at, message: 'bad uuid: "SECRET"' })
    })
    expect(entries).toEqual([
      { level: 'query', message: 'SELECT $1', at, duration: 20, parameters: '["SECRET"]' },
      { level: 'error', message: 'bad uuid: "SECRET"', at },
    ])
  })

  test('reports queries from the threshold on, logged or not', () => {
    const slow: SlowQuery[] = []
    const log = logFrom({ levels: [], slowQuery: { threshold: 20, report: (query) => slow.push(query) } })
    expect(log.levels).toEqual(['query'])
    log.query(event)
    log.query({ ...event, duration: 19.9 })
    expect(slow).toEqual([{ message: 'SELECT $1', at, duration: 20 }])
  })
})
