import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '@manybase/failure'
import { obsoletePages, type Pages } from './compare.ts'

/** The Markdown files of a folder; none where there is no folder yet. */
export async function readPages(directory: string): Promise<Pages> {
  const names = (await listFolder(directory)).filter((name) => name.endsWith('.md'))
  const pages = names.map(async (name) => [name, await readFile(join(directory, name), 'utf8')] as const)
  return new Map(await Promise.all(pages))
}

async function listFolder(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  }
}

/** Brings the folder to the wanted pages, and writes only what changes. */
export async function writePages(directory: string, wanted: Pages, found: Pages): Promise<void> {
  await mkdir(directory, { recursive: true })
  const changed = [...wanted].filter(([name, text]) => found.get(name) !== text)
  await Promise.all([
    ...changed.map(([name, text]) => writeFile(join(directory, name), text)),
    ...obsoletePages(wanted, found).map((name) => rm(join(directory, name))),
  ])
}
