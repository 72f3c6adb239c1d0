import type { Check } from '../check.ts'
import { failed, ok } from '../result.ts'
import { some } from '../words.ts'

export const rights: Check = {
  name: 'rights',
  asks: 'the role may create in the PostgreSQL schema, and owns what pending scripts alter',
  run: ({ pending, createsSchema, server: { role, tables } }) => {
    if (pending.length === 0) return []
    const foreign = tables.filter(({ altered, mayAlter }) => altered && !mayAlter)
    const remarks = [
      ...(role.schemaExists && !role.createInSchema
        ? [
            failed(
              `"${role.name}" may not create in the PostgreSQL schema of the history.`,
              'Tables and the ledger are made there.',
              `GRANT CREATE, USAGE ON SCHEMA … TO "${role.name}"`,
            ),
          ]
        : []),
      ...((!role.schemaExists || createsSchema) && !role.createInDatabase
        ? [
            failed(
              `A PostgreSQL schema is to be made, and "${role.name}" may not create any.`,
              'Creating a schema takes the right CREATE on the database.',
              `GRANT CREATE ON DATABASE … TO "${role.name}", or have the schema made`,
            ),
          ]
        : []),
      ...(foreign.length > 0
        ? [
            failed(
              `"${role.name}" doesn't own ${some(foreign.map(({ name, owner }) => `${name} (${owner})`))}.`,
              'Pending scripts alter it, which its owner alone may do.',
              `ALTER TABLE … OWNER TO "${role.name}", or GRANT the owner's role to it.`,
            ),
          ]
        : []),
    ]
    return remarks.length > 0 ? remarks : [ok(`"${role.name}" may do what is pending`)]
  },
}
