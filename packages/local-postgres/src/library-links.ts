import { symlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { hasCode, readIfExists } from './files.ts'

/**
 * npm packages hold no symbolic links, so the shared libraries' second names are listed in a file, for an
 * install script to make. Where install scripts don't run, this does.
 *
 * @param directory an unpacked platform package.
 */
export async function restoreLinks(directory: string): Promise<void> {
  const text = await readIfExists(join(directory, 'native', 'pg-symlinks.json'))
  const links: unknown = JSON.parse(text ?? '[]')
  if (!Array.isArray(links)) return
  await Promise.all(links.filter(isLink).map((link) => makeLink(directory, link)))
}

interface Link {
  readonly source: string
  readonly target: string
}

async function makeLink(directory: string, { source, target }: Link): Promise<void> {
  try {
    // The two stand in the same folder.
    await symlink(basename(source), join(directory, target))
  } catch (error) {
    // Whoever may not write here was given the links, or the server says which library it misses.
    if (!hasCode(error, 'EEXIST', 'EACCES', 'EPERM', 'EROFS')) throw error
  }
}

function isLink(value: unknown): value is Link {
  if (typeof value !== 'object' || value === null || !('source' in value && 'target' in value)) return false
  return typeof value.source === 'string' && typeof value.target === 'string'
}
