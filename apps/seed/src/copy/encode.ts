import type { Kind, Row, Table, Value } from './table.ts'

const special = /[\\\t\n\r]/
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

/** A line of COPY's text format, with its end. */
export function encodeRow({ columns }: Table, row: Row): string {
  let line = ''
  for (const name in columns) {
    const value = row[name]
    if (value === undefined) throw new TypeError(`the row has no ${name}`)
    line += line === '' ? '' : '\t'
    line += encode(columns[name] ?? 'text', value)
  }
  return `${line}\n`
}

const encode = (kind: Kind, value: Value): string => {
  const written = cell(kind, value)
  return written === null ? '\\N' : escaped(written)
}

/** A value as the input of its column's type: what a parameter of a statement may be. */
export function cell(kind: Kind, value: Value): string | null {
  if (value === null || typeof value === 'string') return value
  if (typeof value === 'number') return encodeNumber(kind, value)
  if (typeof value === 'boolean') return value ? 't' : 'f'
  return kind === 'list' && Array.isArray(value) ? `{${value.join(',')}}` : JSON.stringify(value)
}

function encodeNumber(kind: Kind, value: number): string {
  if (kind === 'time' || kind === 'time?') return timestamp(value)
  if (kind === 'date' || kind === 'date?') return timestamp(value).slice(0, 10)
  return String(value)
}

const escaped = (value: string): string =>
  special.test(value) ? value.replace(/[\\\t\n\r]/g, (character) => escapes[character] ?? character) : value

// A row says the same moment two or three times, and writing it out is the dearest part of a row.
const last = { time: 0, text: new Date(0).toISOString() }

function timestamp(time: number): string {
  if (time !== last.time) {
    last.text = new Date(time).toISOString()
    last.time = time
  }
  return last.text
}
