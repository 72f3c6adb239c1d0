import { createHash } from 'node:crypto'
import { checksum } from './checksum.ts'

/** The beginning of a script, whatever its line ends are. */
export interface Beginning {
  /** In UTF-16 code units, a line end being one. */
  readonly length: number
  /** SHA-256 in hex. */
  readonly checksum: string
}

export const nothing: Beginning = { length: 0, checksum: checksum('') }

/** Where each of a script's statements ends, in their order. */
export function beginnings(script: string, statements: readonly { readonly text: string }[]): Beginning[] {
  const unix = toUnix(script)
  const hash = createHash('sha256')
  let end = 0
  return statements.map(({ text }) => {
    const statement = toUnix(text)
    const next = unix.indexOf(statement, end) + statement.length
    hash.update(unix.slice(end, next))
    end = next
    return { length: end, checksum: hash.copy().digest('hex') }
  })
}

export const beginsWith = (script: string, beginning: Beginning): boolean =>
  checksum(toUnix(script).slice(0, beginning.length)) === beginning.checksum

const toUnix = (text: string) => text.replaceAll('\r\n', '\n')
