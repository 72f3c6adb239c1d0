import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { errorCode } from '@manybase/failure'
import { schemaMissing } from '../failures.ts'
import { parseSchema } from './parse.ts'
import type { SourceFile } from './scan.ts'
import type { DatabaseSchema } from './schema.ts'

/** Where the schema of a database is: a file, or a folder whose `.prisma` files make up one schema. */
interface SchemaSource {
  readonly database: string
  readonly path: string
}

/**
 * Reads and parses the schemas of some databases of a catalog; positions name files as seen from here.
 * @throws `schema.missing`, `schema.invalid`
 */
export const loadSchemas = (
  databases: readonly { readonly name: string; readonly schemaFile: string }[],
): Promise<readonly DatabaseSchema[]> =>
  Promise.all(
    databases.map(({ name, schemaFile }) =>
      loadSchema({ database: name, path: relative(process.cwd(), schemaFile) }),
    ),
  )

/**
 * Reads and parses one schema.
 * @throws `schema.missing`, `schema.invalid`
 */
async function loadSchema({ database, path }: SchemaSource): Promise<DatabaseSchema> {
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
