import type { Datamodel } from '@prisma/dmmf'
import type { EnumType } from './schema.ts'

export const readEnums = ({ enums }: Datamodel): readonly EnumType[] =>
  enums.map(({ name, dbName, documentation, values }) => ({
    name: dbName ?? name,
    documentation: documentation ?? '',
    values: values.map((value) => ({
      name: value.dbName ?? value.name,
      documentation:
        'documentation' in value && typeof value.documentation === 'string' ? value.documentation : '',
    })),
  }))
