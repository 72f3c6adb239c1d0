import type { Datamodel, Field, Model } from '@prisma/dmmf'
import { scalarType } from '../prisma-schema/type.ts'
import type { Reference } from '../references/reference.ts'

/** A column as the client writes it. */
export interface FieldShape {
  /** Prisma's name: `String`, `Int`, `BigInt`, `Float`, `Decimal`, `Boolean`, `DateTime`, `Json`, `Bytes`; or `enum`. */
  readonly type: string
  /** PostgreSQL's: `uuid`, `varchar(255)`; of an enum, that of Prisma's schema. */
  readonly native: string
  readonly isList: boolean
  readonly isRequired: boolean
  /** Whether it may be left out when a row is created, since the database or Prisma fills it in. */
  readonly hasDefault: boolean
  /** The members of an enum, as the client knows them; none for other types. */
  readonly values: readonly string[]
}

/** A model as the client writes it. */
export interface ModelShape {
  /** The PostgreSQL schema of its table; null is the one that the connection chooses. */
  readonly schema: string | null
  readonly table: string
  readonly fields: Readonly<Record<string, FieldShape>>
  /** The model behind each relation field. */
  readonly relations: Readonly<Record<string, string>>
}

/** What a database package tells about itself: generated, so that the program needs no schema at run time. */
export interface DatabaseDescriptor {
  readonly references: readonly Reference[]
  readonly models: Readonly<Record<string, ModelShape>>
}

export const describeModels = (datamodel: Datamodel): DatabaseDescriptor['models'] =>
  Object.fromEntries(datamodel.models.map((model) => [model.name, describeModel(model, datamodel)]))

const isRelation = ({ kind }: Field): boolean => kind === 'object'

const describeModel = ({ name, dbName, schema, fields }: Model, datamodel: Datamodel): ModelShape => ({
  schema: schema ?? null,
  table: dbName ?? name,
  fields: Object.fromEntries(
    fields
      .filter((field) => !isRelation(field))
      .map((field) => [field.name, describeField(field, datamodel)]),
  ),
  relations: Object.fromEntries(fields.filter(isRelation).map(({ name, type }) => [name, type])),
})

function describeField(field: Field, { enums }: Datamodel): FieldShape {
  const isEnum = field.kind === 'enum'
  return {
    type: isEnum ? 'enum' : field.type,
    native: isEnum ? field.type : scalarType(field.type, field.nativeType ?? null),
    isList: field.isList,
    isRequired: field.isRequired,
    hasDefault: field.hasDefaultValue || field.isList || field.isUpdatedAt === true,
    values: enums.find(({ name }) => isEnum && name === field.type)?.values.map(({ name }) => name) ?? [],
  }
}
