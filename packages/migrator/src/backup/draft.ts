import { mkdir, mkdtemp, open, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { errorCode } from '@manybase/failure'
import { type Checksums, checksumsFile, formatChecksums } from './checksums.ts'
import { flushDirectory } from './copy-file.ts'
import { notWritten } from './failures.ts'

/** Of a directory whose backup isn't whole: it is being made, or was killed. */
export const draftPrefix = '.unfinished-'

/** `20261121T155148Z`: sorts by time, and is a name on every file system. */
const stampOf = (time: Date): string => `${time.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`

/**
 * Makes a directory that appears under its name when all of it is on disk, or not at all.
 * @param work fills the draft, on disk, and says which files there are
 * @returns the directory's path
 * @throws `backup.not-written`, and what `work` throws
 */
export async function publish(
  out: string,
  time: Date,
  work: (draft: string) => Promise<Checksums>,
): Promise<string> {
  const folder = resolve(out)
  const draft = await explained(folder, async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    return await mkdtemp(join(folder, `${draftPrefix}${stampOf(time)}-`))
  })
  try {
    return await explained(draft, async () => {
      const checksums = await work(draft)
      await writeOut(join(draft, checksumsFile), formatChecksums(checksums))
      const folders = new Set([...checksums.keys()].map((path) => dirname(join(draft, path))))
      for (const each of [...folders, draft]) await flushDirectory(each)
      const directory = await take(draft, join(folder, stampOf(time)))
      await flushDirectory(folder)
      return directory
    })
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    throw error
  }
}

/** All that began in the same second have a name, such as those of many databases of a list. */
async function take(draft: string, name: string): Promise<string> {
  for (let number = 1; ; number++) {
    const directory = number === 1 ? name : `${name}-${number}`
    try {
      await rename(draft, directory)
      return directory
    } catch (error) {
      if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(errorCode(error) ?? '') || number > 1000) throw error
    }
  }
}

/** Writes a small file that is on disk when this resolves. */
export async function writeOut(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** What a disk or its rights refuse; a connection breaks with other codes. */
export const isFileError = (error: unknown): boolean => ofFileSystem.includes(errorCode(error) ?? '')

const ofFileSystem = [
  'ENOSPC',
  'EDQUOT',
  'EFBIG',
  'EIO',
  'EROFS',
  'EACCES',
  'EPERM',
  'ENOTDIR',
  'ENAMETOOLONG',
  'EEXIST',
]

async function explained<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (isFileError(error)) throw notWritten({ path, reason: errorCode(error) ?? '' }, error)
    throw error
  }
}
