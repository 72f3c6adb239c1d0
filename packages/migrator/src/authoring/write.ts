import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { directoryTaken } from './failures.ts'

/** A revision that isn't on disk yet. */
export interface NewRevision {
  readonly database: string
  /** The directory of the history. */
  readonly migrations: string
  /** The revision's directory in it. */
  readonly name: string
  readonly up: string
  /** None where there is no way back. */
  readonly down?: string
  /** Other files beside the scripts, by name. */
  readonly files?: Readonly<Record<string, string>>
}

/**
 * Writes revisions, all or none: each directory is made beside its history, where nobody takes it for a
 * revision, and moved into place when all of them are complete. Returns their paths.
 * @throws `create.directory-taken`
 */
export function writeRevisions(revisions: readonly NewRevision[]): readonly string[] {
  const moves: { from: string; to: string }[] = []
  const moved: string[] = []
  try {
    for (const { migrations, name, up, down, files = {} } of revisions) {
      const to = join(migrations, name)
      if (existsSync(to)) throw directoryTaken({ path: to })
      mkdirSync(dirname(migrations), { recursive: true })
      const from = mkdtempSync(join(dirname(migrations), '.new-revision-'))
      moves.push({ from, to })
      const directory = join(from, name)
      mkdirSync(directory)
      writeFileSync(join(directory, 'migration.sql'), up)
      if (down !== undefined) writeFileSync(join(directory, 'down.sql'), down)
      for (const [file, text] of Object.entries(files)) writeFileSync(join(directory, file), text)
    }
    for (const [index, { from, to }] of moves.entries()) {
      const name = revisions[index]?.name ?? ''
      mkdirSync(dirname(to), { recursive: true })
      renameSync(join(from, name), to)
      moved.push(to)
    }
    return moved
  } catch (error) {
    for (const path of moved) rmSync(path, { recursive: true, force: true })
    throw error
  } finally {
    for (const { from } of moves) rmSync(from, { recursive: true, force: true })
  }
}
