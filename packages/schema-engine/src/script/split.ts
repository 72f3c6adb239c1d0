import { type Node, parse } from 'libpg-query'

/** One statement of a script. */
export interface Statement {
  readonly text: string
  /** Where it begins in the script, in characters as PostgreSQL counts them (code points, from 0). */
  readonly offset: number
  /** As PostgreSQL's grammar reads it; locations count bytes from the start of the script. */
  readonly tree: Node
}

/**
 * Cuts a script into statements with PostgreSQL's own grammar, so that dollar quotes, literals and
 * `BEGIN ATOMIC` bodies stay whole. Rejects with the parser's `SqlError` where PostgreSQL would refuse too.
 */
export async function splitStatements(script: string): Promise<Statement[]> {
  // The grammar takes a comment for nothing, and an empty text for an error.
  if (script.trim() === '') return []
  const { stmts = [] } = await parse(script)
  const bytes = Buffer.from(script)
  return stmts.flatMap(({ stmt: tree, stmt_location: start = 0, stmt_len: length }) => {
    if (!tree) return []
    const end = length ? start + length : bytes.length
    const text = bytes.toString('utf8', start, end)
    const leading = text.length - text.trimStart().length
    return {
      text: text.trim(),
      tree,
      offset: codePoints(bytes.toString('utf8', 0, start)) + codePoints(text.slice(0, leading)),
    }
  })
}

const codePoints = (text: string): number => {
  let count = 0
  for (const _ of text) count += 1
  return count
}
