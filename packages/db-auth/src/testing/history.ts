import { readdir, readFile } from 'node:fs/promises'

export interface Revision {
  /** The directory's name, such as `001_initial`. */
  readonly name: string
  readonly up: string
  readonly down: string
}

const directory = new URL('../../prisma/migrations/', import.meta.url)

/** The revisions on disk, in the order in which they are applied. */
export async function readHistory(): Promise<readonly Revision[]> {
  const entries = await readdir(directory, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return Promise.all(
    names.sort().map(async (name) => ({
      name,
      up: await readFile(new URL(`${name}/migration.sql`, directory), 'utf8'),
      down: await readFile(new URL(`${name}/down.sql`, directory), 'utf8'),
    })),
  )
}

/** The value of a `-- key: value` line that a migration begins with. */
export function header({ up }: Revision, key: string): string | undefined {
  const lines = up.split('\n')
  const end = lines.findIndex((line) => !line.startsWith('--'))
  const prefix = `-- ${key}: `
  return lines
    .slice(0, end)
    .find((line) => line.startsWith(prefix))
    ?.slice(prefix.length)
}
