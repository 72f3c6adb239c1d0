import { existsSync } from 'node:fs'
import { referencesUnsound } from '../generator/failures.ts'
import { withoutPosition } from '../generator/render.ts'
import { loadSchemas } from '../prisma-schema/load.ts'
import { isUnsound } from './findings.ts'
import type { Reference } from './reference.ts'
import { resolveReferences } from './resolve.ts'

/**
 * The references that the schemas declare. What is advice only is left to the linter.
 * @throws `schema.missing`, `schema.invalid`, `references.unsound`
 */
export async function soundReferences(
  databases: readonly { readonly name: string; readonly schemaFile: string }[],
): Promise<readonly Reference[]> {
  const { references, findings } = resolveReferences(
    await loadSchemas(databases.filter(({ schemaFile }) => existsSync(schemaFile))),
  )
  const unsound = findings.filter(isUnsound)
  if (unsound.length > 0) {
    throw referencesUnsound({ database: databases.map(({ name }) => name).join(', '), findings: unsound })
  }
  return references.map(withoutPosition)
}
