import { existsSync, readFileSync } from 'node:fs'
import type { Database } from '../catalog/catalog.ts'
import { checksum } from '../history/checksum.ts'

/** To be raised when the same schema is generated otherwise: code from before is then generated anew. */
const generators = '3'

/**
 * What the generated code of a database was made from: its own schema, and those that its annotations name. A
 * name too many, in a comment, costs nothing but a generation.
 */
export function schemaStamp(database: Database, all: readonly Database[]): string {
  const own = readFileSync(database.schemaFile, 'utf8')
  const named = new Set([...own.matchAll(/@reference\(\s*([^\s.,)]+)\./g)].map(([, name]) => name))
  const others = all.filter(
    (other) => other !== database && named.has(other.name) && existsSync(other.schemaFile),
  )
  const texts = others.map(({ schemaFile }) => readFileSync(schemaFile, 'utf8'))
  return checksum([generators, own, ...texts].join('\n'))
}
