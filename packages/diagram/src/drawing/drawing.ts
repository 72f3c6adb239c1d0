/** What a picture shows, before anything has a place. Names are PostgreSQL's; every `title` is read out or hovered. */
export interface Drawing {
  readonly title: string
  readonly description: string
  readonly areas: readonly Area[]
  readonly lines: readonly Line[]
  /** What the tables came with, in the order of the legend. */
  readonly groups: readonly string[]
}

/** One database. */
export interface Area {
  readonly database: string
  readonly boxes: readonly Box[]
}

/** One table. */
export interface Box {
  /** `database.table`, with the PostgreSQL schema between where there are several. */
  readonly id: string
  readonly name: string
  readonly title: string
  /** What it came with, if that is known: the name of a revision. */
  readonly group: string | undefined
  readonly rows: readonly Row[]
  readonly notes: readonly Note[]
}

/** One column. */
export interface Row {
  /** The box's id, a dot and the column. */
  readonly id: string
  readonly name: string
  /** `varchar(255)`, `text[]`, with `?` behind it where NULL is possible. */
  readonly type: string
  readonly marks: readonly Mark[]
  readonly comment: string
  readonly title: string
}

/** What the column is: of a key of several columns it is a part. */
export interface Mark {
  readonly kind: 'primary key' | 'foreign key' | 'unique' | 'reference'
  readonly isPart: boolean
}

/** A line of text below the columns. */
export interface Note {
  readonly kind: 'reference' | 'omission'
  readonly text: string
  readonly title: string
}

/** From a referenced column to one that refers to it. */
export interface Line {
  readonly id: string
  readonly kind: 'foreign key' | 'reference'
  /** Rows' ids. */
  readonly referenced: string
  readonly referencing: string
  /** The referential action on delete, in Prisma's spelling: `Cascade`. */
  readonly onDelete: string
  /** Whether at most one row can refer to the same. */
  readonly isUnique: boolean
  readonly title: string
}
