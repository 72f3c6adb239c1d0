/** PostgreSQL's type for each of Prisma's, where the schema names no native one. */
const defaults: Readonly<Record<string, string>> = {
  String: 'text',
  Boolean: 'boolean',
  Int: 'integer',
  BigInt: 'bigint',
  Float: 'double precision',
  Decimal: 'numeric(65,30)',
  DateTime: 'timestamp(3)',
  Json: 'jsonb',
  Bytes: 'bytea',
}

/** Native types whose PostgreSQL name isn't the attribute's in lower case. */
const renamed: Readonly<Record<string, string>> = {
  Decimal: 'numeric',
  DoublePrecision: 'double precision',
}

/** The PostgreSQL type of a scalar field: `VarChar(255)` is `varchar(255)`, a plain `String` is `text`. */
export function scalarType(type: string, nativeType: readonly [string, readonly string[]] | null): string {
  if (nativeType === null) return defaults[type] ?? type
  const [name, args] = nativeType
  const base = renamed[name] ?? name.toLowerCase()
  return args.length === 0 ? base : `${base}(${args.join(',')})`
}

/** The type without length or precision: what has to agree between a referencing and a referenced column. */
export const baseType = (type: string): string => type.replace(/\(.*\)$/, '')
