import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '@manybase/failure'

/** The text of each file of a folder, by its name. */
export type Texts = ReadonlyMap<string, string>

/** The files of a folder that are meant; none where there is no folder yet. */
export async function readTexts(directory: string, isMeant: (name: string) => boolean): Promise<Texts> {
  const names = (await listFolder(directory)).filter(isMeant)
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

/** Brings the folder to the wanted texts, and writes only what changes. */
export async function writeTexts(
  directory: string,
  wanted: Texts,
  found: Texts,
  obsolete: readonly string[],
): Promise<void> {
  await mkdir(directory, { recursive: true })
  const changed = [...wanted].filter(([name, text]) => found.get(name) !== text)
  await Promise.all([
    ...changed.map(([name, text]) => writeFile(join(directory, name), text)),
    ...obsolete.map((name) => rm(join(directory, name))),
  ])
}

/** The first line, from 1, in which two different texts differ. */
export function firstDifference(a: string, b: string): number {
  const lines = a.split('\n')
  const others = b.split('\n')
  const index = lines.findIndex((line, number) => line !== others[number])
  return index === -1 ? lines.length : index + 1
}
