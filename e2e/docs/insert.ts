import { readFile, writeFile } from 'node:fs/promises'

/** Puts text behind the line of a file. */
export async function insertAfter(file: string, line: string, text: string): Promise<void> {
  const before = await readFile(file, 'utf8')
  if (!before.includes(`${line}\n`)) throw new Error(`${file} has no line "${line}"`)
  await writeFile(file, before.replace(`${line}\n`, `${line}\n${text}\n`))
}
