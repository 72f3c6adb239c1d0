import { normalize, parse } from 'libpg-query'

const longest = 80

/** The beginning of a statement on one line, with `$1` in the place of its constants. */
export async function maskStatement(text: string): Promise<string> {
  // Of a text that it can't read, `normalize` returns the error for the result.
  const masked = await parse(text).then(
    () => normalize(text),
    () => untilConstant(text),
  )
  const line = masked.replaceAll(/\s+/g, ' ').trim()
  return line.length > longest ? `${line.slice(0, longest)}…` : line
}

/** PostgreSQL cuts long queries off, and then nobody can parse them: what may be a constant goes, with the rest. */
const untilConstant = (text: string): string => `${/^[^'"$\d]*/.exec(text)?.[0] ?? ''}…`
