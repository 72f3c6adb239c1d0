/** A place in a schema file, for people: `line` and `column` count from 1. */
export interface Position {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** One comment line without its slashes. Prisma keeps those with three (`isDocumentation`) and drops the others. */
export interface Comment {
  readonly text: string
  readonly isDocumentation: boolean
  readonly position: Position
}

/** One database as its Prisma schema describes it, in the names that PostgreSQL knows. */
export interface DatabaseSchema {
  readonly database: string
  readonly tables: readonly Table[]
  readonly enums: readonly EnumType[]
  /** Comments that belong to no column: above models, relations and block attributes, or with two slashes. */
  readonly otherComments: readonly Comment[]
}

export interface Table {
  readonly model: string
  /** The PostgreSQL schema named by `@@schema`; null is the one that the connection chooses. */
  readonly schema: string | null
  readonly name: string
  readonly documentation: string
  readonly position: Position
  readonly columns: readonly Column[]
  readonly foreignKeys: readonly ForeignKey[]
  readonly indexes: readonly Index[]
}

export interface Column {
  readonly field: string
  readonly name: string
  /** The PostgreSQL type of one element: `uuid`, `varchar(255)`, the name of an enum. */
  readonly type: string
  readonly isList: boolean
  readonly isRequired: boolean
  /** The default as SQL, or null. */
  readonly default: string | null
  /** What Prisma Client fills in by itself, which raw SQL has to supply: `uuid()`, `@updatedAt`. */
  readonly clientDefault: string | null
  readonly documentation: readonly Comment[]
  readonly position: Position
}

export interface ForeignKey {
  readonly name: string
  readonly columns: readonly string[]
  readonly target: {
    readonly schema: string | null
    readonly table: string
    readonly columns: readonly string[]
  }
  readonly onDelete: string
  readonly onUpdate: string
}

export interface Index {
  readonly name: string
  readonly kind: 'primary key' | 'unique' | 'index'
  /** The access method, in lower case: `btree`, `gin`. */
  readonly method: string
  readonly columns: readonly IndexColumn[]
}

export interface IndexColumn {
  readonly name: string
  readonly isDescending: boolean
  readonly operatorClass: string | null
}

export interface EnumType {
  readonly name: string
  readonly documentation: string
  readonly values: readonly { readonly name: string; readonly documentation: string }[]
}

/** `schema.table`, or the table alone where the connection chooses the schema. */
export const qualifiedName = ({ schema, name }: { schema: string | null; name: string }): string =>
  schema === null ? name : `${schema}.${name}`

/** The columns of the primary key, in its order; none for a table without one. */
export const primaryKeyOf = (table: Table): readonly string[] =>
  table.indexes.find(({ kind }) => kind === 'primary key')?.columns.map(({ name }) => name) ?? []
