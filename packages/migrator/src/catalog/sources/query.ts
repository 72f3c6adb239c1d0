import { errorMessage } from '@manybase/failure'
import type { Target } from '../target.ts'
import { parseDatabaseUrl, withDatabase, withSchema } from '../url.ts'
import { listMalformed, listQueryFailed } from './failures.ts'
import type { Listed, Place, SourceOf, SourceReader } from './source.ts'

type Row = Readonly<Record<string, unknown>>

const whom = ({ of }: SourceOf<'query'>): string =>
  typeof of === 'string' ? of : of.kind === 'variable' ? of.name : `${of.prefix}HOST`

export const query: SourceReader<SourceOf<'query'>> = {
  nameOf: (source) => `a query of ${whom(source)}`,
  originOf: (source) => `a query of ${whom(source)}`,
  read: async (source, place) => {
    const url = await place.readUrl(source.of)
    if (url === undefined) return undefined
    const rows = await ask(source, url, place)
    return rows.map((row, index) => fromRow(row, index, url, place.name))
  },
}

/** In a transaction that can't write: a list is only looked at. */
async function ask(source: SourceOf<'query'>, url: string, { name }: Place): Promise<readonly Row[]> {
  const asked: Pick<Target, 'name' | 'connection' | 'origin'> = {
    name,
    connection: parseDatabaseUrl(url, whom(source)),
    origin: whom(source),
  }
  // The driver is only needed by those who have such a list.
  const [{ connect }, { explainServerError }] = await Promise.all([
    import('../../server/session.ts'),
    import('../../server/explain.ts'),
  ])
  const client = await connect(asked.connection.connectionString).catch((error) => {
    throw explainServerError(error, asked)
  })
  try {
    await client.query('BEGIN READ ONLY')
    return (await client.query<Row>(source.sql)).rows
  } catch (error) {
    throw listQueryFailed({ list: name, asked: whom(source), reason: errorMessage(error) }, error)
  } finally {
    await client.end()
  }
}

function fromRow(row: Row, index: number, asked: string, list: string): Listed {
  const { name, url, database, schema } = row
  const refuse = (problem: string) => listMalformed({ list, place: `row ${index + 1} of the query`, problem })
  if (typeof name !== 'string') throw refuse('it has no text in the column "name"')
  if (typeof url === 'string') return { member: name, url }
  if (typeof database !== 'string' && typeof schema !== 'string') {
    throw refuse('it has no text in any of the columns "url", "database" and "schema"')
  }
  const elsewhere = typeof database === 'string' ? withDatabase(asked, database) : asked
  return { member: name, url: withSchema(elsewhere, typeof schema === 'string' ? schema : 'public') }
}
