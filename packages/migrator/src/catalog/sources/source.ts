import type { UrlListSource, UrlSource } from '../define.ts'
import type { Environment } from '../environment.ts'

/** Where URLs come from: one, or those of a list. */
export type Source = UrlSource | UrlListSource

const listKinds: readonly Source['kind'][] = ['file', 'variable-list', 'query']

export const isListSource = (source: Source): source is UrlListSource => listKinds.includes(source.kind)

/** A URL, with the name of its member where the source is a list. */
export interface Listed {
  readonly member?: string
  readonly url: string
}

/** What a source is read with. */
export interface Place {
  /** The folder that relative paths begin at. */
  readonly root: string
  readonly env: Environment
  /** Name of the database or list, for messages. */
  readonly name: string
  /** Reads a source of one URL, or that of another database of the catalog, for a list that asks it. */
  readUrl(of: string | UrlSource): Promise<string | undefined>
}

/** How one kind of source is read. */
export interface SourceReader<S extends Source> {
  /** What it reads, for messages: `DATABASE_URL_AUTH`, `tenants.txt`. */
  nameOf(source: S): string
  /** The same with what set it: `DATABASE_URL_AUTH (environment)`. */
  originOf(source: S, env: Environment): string
  /** Undefined while nothing is set, so that a local server may stand in. */
  read(source: S, place: Place): Promise<readonly Listed[] | undefined>
}

export type SourceOf<K extends Source['kind']> = Extract<Source, { readonly kind: K }>
