import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '@manybase/failure'
import { schemaMissing } from '../failures.ts'
import { parseSchema } from './parse.ts'
import type { SourceFile } from './scan.ts'
import type { DatabaseSchema } from './schema.ts'

/** Where the schema of a database is: a file, or a folder whose `.prisma` files make up one schema. */
export interface SchemaSource {
  readonly database: string
  readonly path: string
}

/**
 * Reads and parses one schema.
 * @throws `schema.missing`, `schema.invalid`
 */
export async function loadSchema({ database, path }: SchemaSource): Promise<DatabaseSchema> {
  const files = await findFiles(path)
  if (files.length === 0) throw schemaMissing({ database, path })
  const sources = files.map(
    async (file): Promise<SourceFile> => ({ file, text: await readFile(file, 'utf8') }),
  )
  return parseSchema(database, await Promise.all(sources))
}

async function findFiles(path: string): Promise<readonly string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path]
    const names = await readdir(path, { recursive: true })
    return names
      .filter((name) => name.endsWith('.prisma'))
      .sort()
      .map((name) => join(path, name))
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  }
}
