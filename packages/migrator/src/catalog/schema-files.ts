import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { SchemaFile } from '@manybase/schema-engine'
import type { Database } from './catalog.ts'
import { schemaMissing } from './failures.ts'

/** The Prisma schema of a database: one file, or all of a folder. @throws `check.schema-missing` */
export function readSchema({ name, schemaFile }: Database): readonly SchemaFile[] {
  if (!existsSync(schemaFile)) throw schemaMissing({ database: name, path: schemaFile })
  if (!statSync(schemaFile).isDirectory()) return [['schema.prisma', readFileSync(schemaFile, 'utf8')]]
  return readdirSync(schemaFile, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.prisma'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => [relative(schemaFile, file), readFileSync(file, 'utf8')])
}
