import { statfs } from 'node:fs/promises'
import { diskFull, notWritable } from './failures.ts'
import { hasCode } from './files.ts'

/** What a person is told when Node could not make, read or write one of the server's files. */
export function explainFileError(error: unknown, directory: string): unknown {
  if (hasCode(error, 'ENOSPC', 'EDQUOT')) return diskFull({ directory }, error)
  if (hasCode(error, 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST')) {
    const detail = error instanceof Error ? error.message : String(error)
    return notWritable({ directory, detail }, error)
  }
  return error
}

/** Whether nothing can be written any more; then the log is silent about it, too. */
export async function isFull(directory: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(directory)
  return bavail * bsize < 1_000_000
}
