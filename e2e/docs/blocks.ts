/** A fenced block of a page. */
export interface Block {
  /** First word of the fence: `sh`, `text`, `json`, … */
  readonly language: string
  /** The bare words after it, such as `run` or `output`. */
  readonly flags: ReadonlySet<string>
  /** What is written `key=value` or `key="several words"`. */
  readonly settings: ReadonlyMap<string, string>
  readonly text: string
  /** Line of the page at which the text begins, from 1. */
  readonly line: number
}

const setting = /(\w+)=(?:"([^"]*)"|(\S+))/g

/** The fenced blocks of a page, in order. */
export function blocksOf(page: string): readonly Block[] {
  const blocks: Block[] = []
  let open: { info: string; lines: string[]; line: number } | undefined
  for (const [index, line] of page.split('\n').entries()) {
    if (!line.startsWith('```')) open?.lines.push(line)
    else if (!open) open = { info: line.slice(3).trim(), lines: [], line: index + 2 }
    else {
      blocks.push(makeBlock(open.info, open.lines, open.line))
      open = undefined
    }
  }
  if (open) throw new Error(`The block that begins in line ${open.line} has no end.`)
  return blocks
}

function makeBlock(info: string, lines: readonly string[], line: number): Block {
  const settings = new Map<string, string>()
  for (const [, key = '', quoted, bare] of info.matchAll(setting)) settings.set(key, quoted ?? bare ?? '')
  const [language = '', ...flags] = info.replaceAll(setting, '').split(/\s+/).filter(Boolean)
  return { language, flags: new Set(flags), settings, text: lines.join('\n'), line }
}

/** The page without its blocks, line for line. */
export function proseOf(page: string): string {
  let inside = false
  return page
    .split('\n')
    .map((line) => {
      const fence = line.startsWith('```')
      if (fence) inside = !inside
      return fence || inside ? '' : line
    })
    .join('\n')
}
