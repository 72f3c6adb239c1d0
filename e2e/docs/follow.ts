import { expect } from '@jest/globals'
import { type Block, blocksOf } from './blocks.ts'
import { matches, matchesUnordered } from './expected.ts'
import { readText } from './pages.ts'

/** Somebody in a clone of the repository who does what a page says. */
export interface Follower {
  write(path: string, text: string): void | Promise<void>
  /** Puts text behind the line of a file. */
  insert(path: string, line: string, text: string): void | Promise<void>
  type(commands: string): Promise<{ readonly output: string; readonly exitCode: number | null | undefined }>
}

/**
 * Does what a page says, from top to bottom, and compares what it shows.
 * @param asThere turns what a page writes and shows into what is there, such as the address of a server
 * @returns how many blocks were run
 */
export async function follow(
  path: string,
  follower: Follower,
  asThere = (text: string) => text,
): Promise<number> {
  const blocks = blocksOf(readText(path))
  let runs = 0
  for (const [index, block] of blocks.entries()) {
    await writeFiles(follower, block)
    if (!block.flags.has('run')) continue
    runs += 1
    const result = await follower.type(asThere(block.text))
    const where = `${path}:${block.line}\n${block.text}\n\n${result.output}`
    expect({ where, exitCode: result.exitCode }).toEqual({
      where,
      exitCode: Number(block.settings.get('exit') ?? 0),
    })
    const shown = blocks[index + 1]
    if (shown?.flags.has('output')) expectOutput(path, { ...shown, text: asThere(shown.text) }, result.output)
  }
  return runs
}

async function writeFiles(follower: Follower, { settings, text }: Block): Promise<void> {
  const [file, changed, line] = ['file', 'in', 'after'].map((name) => settings.get(name))
  if (file !== undefined) await follower.write(file, `${text}\n`)
  if (changed !== undefined && line !== undefined) await follower.insert(changed, line, text)
}

function expectOutput(path: string, shown: Block, output: string): void {
  const matched = shown.flags.has('unordered')
    ? matchesUnordered(output, shown.text)
    : matches(output, shown.text)
  // Where it differs, the assertion shows both.
  if (!matched) expect(`${path}:${shown.line}\n${output}`).toBe(shown.text)
}
