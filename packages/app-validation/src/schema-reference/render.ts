import type { DatabaseSchema } from '../prisma-schema/schema.ts'
import { resolveReferences } from '../references/resolve.ts'
import type { Pages } from './compare.ts'
import { renderPage } from './page.ts'

/** One page per database, by file name. */
export function renderPages(schemas: readonly DatabaseSchema[]): Pages {
  const { references } = resolveReferences(schemas)
  return new Map(schemas.map((schema) => [`${schema.database}.md`, renderPage(schema, references)]))
}
