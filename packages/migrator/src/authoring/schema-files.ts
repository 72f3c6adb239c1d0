import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { SchemaFile } from '@manybase/schema-engine'

/** The Prisma schema of a database: one file, or all of a folder. */
export function readSchema(path: string): readonly SchemaFile[] {
  if (!statSync(path).isDirectory()) return [['schema.prisma', readFileSync(path, 'utf8')]]
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.prisma'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => [relative(path, file), readFileSync(file, 'utf8')])
}
