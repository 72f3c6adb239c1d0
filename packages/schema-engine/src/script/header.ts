/** What a migration script says of itself in SQL comments at its top, invisible to Prisma. */
export interface ScriptHeader {
  /** Parents in the same history; empty when the predecessor by name is meant. */
  readonly revises: readonly string[]
  /** Revisions that must be applied first, as `005` or `database@005`. */
  readonly dependsOn: readonly string[]
  /** `none`: statement by statement, because PostgreSQL refuses a transaction around them. */
  readonly transaction: 'one' | 'none'
  /** Tables that the script creates. */
  readonly creates: readonly string[]
}

const entry = /^--\s*(revises|depends-on|transaction|creates)\s*:\s*(.*?)\s*$/i
// Not `.`: a line of a Windows file ends with a carriage return, which `.` leaves out.
const commentOrBlank = /^\s*(--[^\n]*)?$/

const list = (value: string | undefined): string[] => (value ? value.split(/\s*,\s*/).filter(Boolean) : [])

/** Reads the leading `-- key: value` lines of a script; the first line of SQL ends the header. */
export function readHeader(script: string): ScriptHeader {
  const values = new Map<string, string>()
  for (const line of headerLines(script)) {
    const [, key, value] = entry.exec(line) ?? []
    if (key !== undefined && value !== undefined) values.set(key.toLowerCase(), value)
  }
  return {
    revises: list(values.get('revises')),
    dependsOn: list(values.get('depends-on')),
    transaction: values.get('transaction')?.toLowerCase() === 'none' ? 'none' : 'one',
    creates: list(values.get('creates')),
  }
}

function* headerLines(script: string): Generator<string> {
  let start = 0
  while (start < script.length) {
    const newline = script.indexOf('\n', start)
    const end = newline === -1 ? script.length : newline
    const line = script.slice(start, end)
    if (!commentOrBlank.test(line)) return
    yield line
    start = end + 1
  }
}
