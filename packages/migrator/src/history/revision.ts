/** A revision of another history, or of the same one. */
export interface RevisionRef {
  readonly database: string
  readonly id: string
}

/** One entry of a history, as it lies on disk. */
export interface Revision {
  readonly database: string
  /** What stands before the first underscore of the directory: `003`. */
  readonly id: string
  /** The directory's name, which is the ledger's `migration_name`. */
  readonly name: string
  /** The directory's path. */
  readonly path: string
  /** Ids of the parents in the same history. */
  readonly parents: readonly string[]
  readonly dependsOn: readonly RevisionRef[]
  readonly script: string
  /** SHA-256 of `migration.sql`, in hex, as Prisma's ledger has it. */
  readonly checksum: string
}

/** The revisions of one database, sorted by name. */
export interface History {
  readonly database: string
  readonly revisions: readonly Revision[]
}

export const revisionId = (name: string): string => name.split('_', 1)[0] ?? name

export const formatRef = ({ database, id }: RevisionRef): string => `${database}@${id}`

/** In a header: `-- revises: base` begins a second line of revisions, as Alembic's `down_revision = None` does. */
export const baseWord = 'base'

/** Ids of a revision's parents: those that its header names, or else its predecessor by name. */
export function parentIds(revises: readonly string[], previous: string | undefined): readonly string[] {
  if (revises.length === 1 && revises[0] === baseWord) return []
  if (revises.length > 0) return revises
  return previous === undefined ? [] : [previous]
}

/** `005` in the history of `database`, or `other@005`. */
export function parseRef(text: string, database: string): RevisionRef {
  const at = text.lastIndexOf('@')
  return at === -1 ? { database, id: text } : { database: text.slice(0, at), id: text.slice(at + 1) }
}
