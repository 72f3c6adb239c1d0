/** Lines shown before the one that PostgreSQL points at. */
const before = 5

/**
 * The lines of a script that lead to `position`, numbered, the last one marked, as Prisma's native engine shows
 * them. `position` is PostgreSQL's: characters from 1, as text. Undefined when the server gave none.
 */
export function codeFrame(script: string, position: unknown): string | undefined {
  const offset = typeof position === 'string' ? Number(position) : Number.NaN
  if (!Number.isInteger(offset) || offset < 1) return undefined
  const lead = [...script].slice(0, offset - 1).join('')
  const last = lead.split('\n').length
  const lines = script.split('\n')
  const first = Math.max(1, last - before)
  const width = String(last).length + 1
  return lines
    .slice(first - 1, last)
    .map((line, index) => {
      const number = first + index
      return `${String(number).padStart(width)}${number === last ? '>' : ' '} ${line.trimEnd()}`
    })
    .join('\n')
}
