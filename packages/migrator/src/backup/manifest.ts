import type { DatabaseObject } from '../snapshot/object.ts'
import type { CopyFormat, RowsDigest } from './digest.ts'

/** The version of what is on disk; raised when an older migrator could no longer restore it. */
export const formatVersion = 1

export const compressions = ['zstd', 'gzip', 'none'] as const
export type Compression = (typeof compressions)[number]

/** What `manifest.json` says of one database of a backup. */
export type Manifest = ArchiveManifest | DumpManifest

interface Head {
  readonly format: typeof formatVersion
  /** Its name in the catalog; the first one where several histories share it. */
  readonly database: string
  /** ISO 8601, by the server's clock: when the snapshot was taken. */
  readonly takenAt: string
  readonly server: ServerFacts
  /** Where the snapshot stands in the write-ahead log, and the oldest transaction that was running. */
  readonly snapshot: { readonly lsn: string; readonly xmin: string }
  readonly histories: readonly HistoryFacts[]
}

export interface ServerFacts {
  /** `17.10`. */
  readonly version: string
  readonly major: number
  readonly locale: DatabaseLocale
}

/** What a database can't change later. `provider` is PostgreSQL's letter: b, c or i. */
export interface DatabaseLocale {
  readonly encoding: string
  readonly provider: string
  readonly collate: string
  readonly ctype: string
  /** Of provider b or i. */
  readonly locale: string | null
}

export interface HistoryFacts {
  readonly database: string
  /** The PostgreSQL schema of its ledger. */
  readonly schema: string
  /** Ids of the applied revisions that no other applied one revises. */
  readonly current: readonly string[]
  readonly revisions: readonly SavedRevision[]
}

/** A revision that was applied. */
export interface SavedRevision {
  readonly revision: string
  /** Of the script with which the schema can be made again. */
  readonly checksum: string
  /** The environment in which it was skipped, so that its script made nothing. */
  readonly skippedIn?: string
}

interface TableName {
  readonly schema: string
  readonly table: string
}

/** An archive: rows by COPY, and the history makes the schema again. */
export interface ArchiveManifest extends Head {
  readonly kind: 'archive'
  readonly compression: Compression
  readonly tables: readonly SavedTable[]
  readonly sequences: readonly SavedSequence[]
  /** What no history makes: PostgreSQL schemas, and triggers that call functions there. */
  readonly extra: ExtraSchemas
}

export interface SavedTable extends TableName, RowsDigest {
  /** Those that hold rows of their own; generated ones are computed again. */
  readonly columns: readonly string[]
  readonly copy: CopyFormat
  /** Below the manifest's folder. */
  readonly file: string
}

export interface SavedSequence {
  readonly schema: string
  readonly sequence: string
  /** A number as text: it may be larger than JSON's. */
  readonly value: string
  readonly called: boolean
}

export interface ExtraSchemas {
  /** The schemas that the histories fill. */
  readonly known: readonly string[]
  /** The others that have something in them. */
  readonly schemas: readonly string[]
  readonly statements: readonly string[]
  /** For a comparison after the restore. */
  readonly objects: readonly DatabaseObject[]
}

/** A file of pg_dump, in its custom format. */
export interface DumpManifest extends Head {
  readonly kind: 'pg_dump'
  /** `pg_dump (PostgreSQL) 17.10`. */
  readonly tool: string
  readonly file: string
  readonly tables: readonly (TableName & { readonly rows: number })[]
}

type Json = Readonly<Record<string, unknown>>
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown): value is string => typeof value === 'string'
const isList = (value: unknown, isEntry: (entry: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(isEntry)

const isRevision = (value: unknown): boolean =>
  isObject(value) && isText(value.revision) && isText(value.checksum)

const isHistory = (value: unknown): boolean =>
  isObject(value) &&
  isText(value.database) &&
  isText(value.schema) &&
  isList(value.current, isText) &&
  isList(value.revisions, isRevision)

const isTable = (value: unknown): value is Json =>
  isObject(value) && isText(value.schema) && isText(value.table) && typeof value.rows === 'number'

const isSavedTable = (value: unknown): boolean =>
  isTable(value) &&
  isText(value.file) &&
  isText(value.digest) &&
  ['binary', 'text'].includes(String(value.copy)) &&
  isList(value.columns, isText)

const isSequence = (value: unknown): boolean =>
  isObject(value) && isText(value.schema) && isText(value.sequence) && isText(value.value)

const isHead = (value: Json): boolean =>
  value.format === formatVersion &&
  isText(value.database) &&
  isText(value.takenAt) &&
  isObject(value.snapshot) &&
  isObject(value.server) &&
  isObject(value.server.locale) &&
  isText(value.server.version) &&
  Array.isArray(value.histories) &&
  value.histories.length > 0 &&
  isList(value.histories, isHistory)

/** Whether a value from outside is a manifest of this version. */
export function isManifest(value: unknown): value is Manifest {
  if (!isObject(value) || !isHead(value)) return false
  if (value.kind === 'pg_dump')
    return isText(value.file) && isText(value.tool) && isList(value.tables, isTable)
  return (
    value.kind === 'archive' &&
    compressions.some((compression) => compression === value.compression) &&
    isList(value.tables, isSavedTable) &&
    isList(value.sequences, isSequence) &&
    isObject(value.extra) &&
    isList(value.extra.known, isText) &&
    isList(value.extra.schemas, isText) &&
    isList(value.extra.statements, isText) &&
    Array.isArray(value.extra.objects)
  )
}

export function rowsIn({ tables }: Manifest): number {
  let rows = 0
  for (const table of tables) rows += table.rows
  return rows
}
