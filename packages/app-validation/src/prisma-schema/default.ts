/** A field's default as the DMMF gives it. */
export type FieldDefault =
  | string
  | number
  | boolean
  | readonly (string | number | boolean)[]
  | { readonly name: string; readonly args: readonly (string | number)[] }

type Defaults = { readonly default: string | null; readonly clientDefault: string | null }

/**
 * What PostgreSQL fills in, as SQL, and what only Prisma Client does.
 * @param label turns a scalar into the text of the literal: an enum's member has another name in the database
 */
export function readDefault(
  value: FieldDefault | undefined,
  isUpdatedAt: boolean,
  label: (scalar: string) => string = (scalar) => scalar,
): Defaults {
  const clientDefault = isUpdatedAt ? '@updatedAt' : null
  if (value === undefined) return { default: null, clientDefault }
  if (typeof value !== 'object') return { default: literal(value, label), clientDefault }
  if (!('name' in value)) return { default: array(value, label), clientDefault }

  const call = `${value.name}(${value.args.join(', ')})`
  switch (value.name) {
    case 'dbgenerated':
      return { default: String(value.args[0] ?? ''), clientDefault }
    case 'now':
      return { default: 'CURRENT_TIMESTAMP', clientDefault }
    case 'autoincrement':
      return { default: 'autoincrement', clientDefault }
    default:
      return { default: null, clientDefault: call }
  }
}

const literal = (value: string | number | boolean, label: (scalar: string) => string): string =>
  typeof value === 'string' ? `'${label(value).replaceAll("'", "''")}'` : String(value)

const array = (values: readonly (string | number | boolean)[], label: (scalar: string) => string): string =>
  values.length === 0 ? "'{}'" : `ARRAY[${values.map((value) => literal(value, label)).join(', ')}]`
