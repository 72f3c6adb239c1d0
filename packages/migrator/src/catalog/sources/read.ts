import type { Catalog, Database } from '../catalog.ts'
import type { Environment } from '../environment.ts'
import { file } from './file.ts'
import { parts } from './parts.ts'
import { query } from './query.ts'
import type { Listed, Source, SourceOf, SourceReader } from './source.ts'
import { variable } from './variable.ts'
import { variableList } from './variable-list.ts'

const readers: { readonly [K in Source['kind']]: SourceReader<SourceOf<K>> } = {
  variable,
  parts,
  file,
  'variable-list': variableList,
  query,
}

const readerOf = <S extends Source>(source: S): SourceReader<S> =>
  // The table has exactly one reader per kind; TypeScript can't follow the pairing through an index.
  readers[source.kind] as SourceReader<Source> as SourceReader<S>

/** What a source reads, for messages. */
export const nameOf = (source: Source): string => readerOf(source).nameOf(source)

/** The same with what set it. */
export const originOf = (source: Source, env: Environment): string => readerOf(source).originOf(source, env)

/** Reads the sources of a catalog's databases, each once. */
export type ReadSource = (database: Database) => Promise<readonly Listed[] | undefined>

/** @throws `list.*`, and what asking a server for a list throws */
export function makeReader(
  { root, databases }: Pick<Catalog, 'root' | 'databases'>,
  env: Environment,
): ReadSource {
  const readings = new Map<Database, ReturnType<ReadSource>>()
  const readOnce: ReadSource = (database) => {
    const reading = readings.get(database) ?? read(database.source, database.name)
    readings.set(database, reading)
    return reading
  }
  const read = async (source: Source, name: string): ReturnType<ReadSource> =>
    await readerOf(source).read(source, {
      root,
      env,
      name,
      readUrl: async (of) => {
        const asked = typeof of === 'string' ? databases.find((database) => database.name === of) : of
        if (!asked) return undefined
        const [first] = (await ('kind' in asked ? read(asked, name) : readOnce(asked))) ?? []
        return first?.url
      },
    })
  return readOnce
}
