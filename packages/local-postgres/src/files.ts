import { readFile } from 'node:fs/promises'

/** The file's text, or undefined when it doesn't exist. Any other error is thrown. */
export async function readIfExists(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return undefined
    throw error
  }
}

/** Whether an error of Node carries one of these codes, such as `ENOENT`. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  // Not `instanceof Error`: in a context of its own, as jest's, Node's errors are of another realm.
  if (typeof error !== 'object' || error === null || !('code' in error)) return false
  return typeof error.code === 'string' && codes.includes(error.code)
}
