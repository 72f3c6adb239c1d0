import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '@manybase/failure'
import { obsoletePictures } from './compare.ts'
import type { Pictures } from './pictures.ts'

/** The pictures of a folder, drawn by whomever; none where there is no folder yet. */
export async function readPictures(directory: string): Promise<Pictures> {
  const names = (await listFolder(directory)).filter((name) => /\.(?:svg|mmd)$/.test(name))
  const files = names.map(async (name) => [name, await readFile(join(directory, name), 'utf8')] as const)
  return new Map(await Promise.all(files))
}

async function listFolder(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  }
}

/** Brings the folder to the wanted pictures, and writes only what changes. */
export async function writePictures(directory: string, wanted: Pictures, found: Pictures): Promise<void> {
  await mkdir(directory, { recursive: true })
  const changed = [...wanted].filter(([name, text]) => found.get(name) !== text)
  await Promise.all([
    ...changed.map(([name, text]) => writeFile(join(directory, name), text)),
    ...obsoletePictures(wanted, found).map((name) => rm(join(directory, name))),
  ])
}
