/** What a snapshot tells of a database, in the order in which objects can be made; the rest is known by name alone. */
export const objectKinds = [
  'schema',
  'extension',
  'enum',
  'domain',
  'composite type',
  'function',
  'sequence',
  'table',
  'column',
  'constraint',
  'index',
  'view',
  'trigger',
  'rule',
  'policy',
  'statistics',
  'other',
  'default privileges',
  'comment',
] as const

export type ObjectKind = (typeof objectKinds)[number]

/** One object of a database. Names are SQL: quoted and with their schema. */
export interface DatabaseObject {
  readonly kind: ObjectKind
  readonly name: string
  /** The table or view that it is a part of. */
  readonly parent: string | null
  /** What it is, field by field; `owner` and `grants` among it. */
  readonly definition: Readonly<Record<string, unknown>>
  /** A statement that makes it, without its grants; null where PostgreSQL has no ready one. */
  readonly create: string | null
}

/** What identifies an object within a database. */
export const keyOf = ({ kind, name, parent }: DatabaseObject): string => `${kind} ${parent ?? ''} ${name}`

/** `index public.users_email`, `column email of public.users`. */
export const describeObject = ({ kind, name, parent }: DatabaseObject): string => {
  // The name of any other object says what it is.
  if (kind === 'other') return name
  return parent === null || name.includes('.') ? `${kind} ${name}` : `${kind} ${name} of ${parent}`
}

const isKind = (value: unknown): value is ObjectKind => objectKinds.some((kind) => kind === value)
const isText = (value: unknown): value is string | null => value === null || typeof value === 'string'

/** @throws TypeError for a row that the queries of this folder don't make */
export function readObject(row: unknown): DatabaseObject {
  const { kind, name, parent, definition, create } = fields(row)
  if (!isKind(kind) || typeof name !== 'string' || !isText(parent) || !isText(create))
    throw new TypeError(`The catalogs gave an object that is none: ${JSON.stringify(row)}`)
  return { kind, name, parent, definition: fields(definition), create }
}

const fields = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {}
