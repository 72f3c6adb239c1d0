import type { Datamodel } from '@prisma/dmmf'
import { loadSchemas } from '../prisma-schema/load.ts'
import { isUnsound } from '../references/findings.ts'
import { resolveReferences } from '../references/resolve.ts'
import { describeModels } from './descriptor.ts'
import { referencesUnsound } from './failures.ts'
import { renderDescriptor, withoutPosition } from './render.ts'

/** A database of a catalog, as far as its schema goes. */
export interface DatabaseSource {
  readonly name: string
  readonly schemaFile: string
}

/**
 * Makes the generated catalog of one database, from its own schema and, for the targets, those of the others.
 * What is advice only is left to the linter: a schema in the making can still be generated from.
 * @throws `references.unsound`, `schema.missing`, `schema.invalid`
 */
export async function generateDescriptor(
  databases: readonly DatabaseSource[],
  database: string,
  datamodel: Datamodel,
): Promise<string> {
  const schemas = await loadSchemas(databases)
  const { references, findings } = resolveReferences(schemas, [database])
  const unsound = findings.filter(isUnsound)
  if (unsound.length > 0) throw referencesUnsound({ database, findings: unsound })
  return renderDescriptor({
    references: references.map(withoutPosition),
    models: describeModels(datamodel),
  })
}
