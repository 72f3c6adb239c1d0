import type { Comment, Position } from './schema.ts'

/**
 * The outline of a schema file: blocks, their members and the comments of each, with positions. Prisma's own
 * parser gives the meaning (`parse.ts`), but neither positions nor comments with two slashes nor members of
 * types that its client cannot use. The grammar makes this simple: every member stands on one line.
 */
export interface Block {
  readonly keyword: string
  readonly name: string
  readonly position: Position
  readonly comments: readonly Comment[]
  readonly members: readonly Member[]
}

export interface Member {
  /** The field's name; a block attribute's begins with `@@`. */
  readonly name: string
  /** The line without its comment. */
  readonly code: string
  readonly position: Position
  /** The block of comment lines above it, then the one behind it: what documents it. */
  readonly comments: readonly Comment[]
}

export interface Outline {
  readonly blocks: readonly Block[]
  /** Every comment of the file, in order. */
  readonly comments: readonly Comment[]
}

export interface SourceFile {
  readonly file: string
  readonly text: string
}

/** Takes a valid schema apart. What is no Prisma schema gives an arbitrary outline, so validate first. */
export function scan({ file, text }: SourceFile): Outline {
  const blocks: (Block & { members: Member[] })[] = []
  const comments: Comment[] = []
  let open: { members: Member[] } | undefined
  let above: Comment[] = []
  let isDetached = false

  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const { code, comment } = splitComment(line, file, index + 1)
    if (comment) comments.push(comment)
    const trimmed = code.trim()
    if (trimmed === '') {
      if (comment === undefined) isDetached = true
      else {
        // A block of comments ends at an empty line; only the last one belongs to what follows.
        above = isDetached ? [comment] : [...above, comment]
        isDetached = false
      }
      continue
    }
    const position = { file, line: index + 1, column: line.length - line.trimStart().length + 1 }
    const heading = open ? null : /^(\w+)\s+(\w+)\s*\{/.exec(trimmed)
    if (heading?.[1] !== undefined && heading[2] !== undefined) {
      const comments = isDetached ? [] : above
      const block = { keyword: heading[1], name: heading[2], position, comments, members: [] }
      blocks.push(block)
      open = block
    } else if (trimmed === '}') {
      open = undefined
    } else if (open) {
      const name = /^@@\w+|^\w+/.exec(trimmed)?.[0] ?? trimmed
      const own = comment ? [...above, comment] : above
      open.members.push({ name, code: trimmed, position, comments: own })
    }
    above = []
    isDetached = false
  }
  return { blocks, comments }
}

interface Line {
  readonly code: string
  readonly comment?: Comment
}

function splitComment(line: string, file: string, number: number): Line {
  const start = commentStart(line)
  if (start === -1) return { code: line }
  const slashes = /^\/\/\/?/.exec(line.slice(start))?.[0] ?? '//'
  const comment = {
    text: line.slice(start + slashes.length).replace(/^ /, ''),
    isDocumentation: slashes === '///',
    position: { file, line: number, column: start + 1 },
  }
  return { code: line.slice(0, start), comment }
}

function commentStart(line: string): number {
  const code = maskStrings(line)
  return code.indexOf('//')
}

/** The line with the characters of its string literals blanked out, so that they are not taken for syntax. */
export function maskStrings(line: string): string {
  return line.replace(/\/\/.*|"(?:[^"\\]|\\.)*"/g, (match) =>
    match.startsWith('"') ? '"'.padEnd(match.length - 1).concat('"') : match,
  )
}
