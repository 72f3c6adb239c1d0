import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A throw-away folder of files. */
export interface Tree {
  readonly directory: string
  write(path: string, text: string): void
  dispose(): void
}

export function makeTree(files: Readonly<Record<string, string>> = {}): Tree {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'manybase-tree-')))
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
  for (const [path, text] of Object.entries(files)) write(path, text)
  return { directory, write, dispose: () => rmSync(directory, { recursive: true, force: true }) }
}
