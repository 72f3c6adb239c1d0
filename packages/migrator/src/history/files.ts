import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Revision } from './revision.ts'

/** A file in a revision's directory. */
export interface RevisionFile {
  readonly name: string
  readonly bytes: number
  readonly lines: number
}

/** What lies in a revision's directory, by name; `migration.sql`, and `down.sql` where there is a way back. */
export function readFiles({ path }: Pick<Revision, 'path'>): readonly RevisionFile[] {
  const names = readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
  return names.sort().map((name) => {
    const content = readFileSync(join(path, name), 'utf8')
    return { name, bytes: Buffer.byteLength(content), lines: content.match(/\n|[^\n]$/g)?.length ?? 0 }
  })
}
