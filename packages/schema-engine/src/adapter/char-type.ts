import { ColumnTypeEnum, type SqlQueryable, type SqlResultSet } from '@prisma/driver-adapter-utils'
import type pg from 'pg'

/** PostgreSQL's `"char"`, in which catalogs keep their one-letter kinds, and `character`. */
const charOid = 18
const bpcharOid = 1042

/** Which columns of a result are `"char"`, by the rows that the adapter passes on as they are. */
const charColumns = new WeakMap<object, readonly number[]>()

/** The shipped adapter refuses `"char"`: it is shown `character`, whose text form is the same. */
export function showCharAsCharacter(client: pg.ClientBase): void {
  client.query = new Proxy(client.query, {
    apply(query, self, args: unknown[]) {
      const callback = args.at(-1)
      if (typeof callback === 'function') {
        const answer = (error: unknown, result: unknown) => callback(error, disguised(result))
        return Reflect.apply(query, self, [...args.slice(0, -1), answer])
      }
      const result: unknown = Reflect.apply(query, self, args)
      return result instanceof Promise ? result.then(disguised) : result
    },
  })
}

function disguised(result: unknown): unknown {
  if (!isResult(result)) return result
  const columns: number[] = []
  for (const [index, field] of result.fields.entries()) {
    if (field.dataTypeID !== charOid) continue
    field.dataTypeID = bpcharOid
    columns.push(index)
  }
  if (columns.length > 0) charColumns.set(result.rows, columns)
  return result
}

/** The same queryable, which tells the engine again that these columns hold one character, as it expects. */
export async function queryWithChar(
  queryable: SqlQueryable,
  query: Parameters<SqlQueryable['queryRaw']>[0],
): Promise<SqlResultSet> {
  const result = await queryable.queryRaw(query)
  for (const index of charColumns.get(result.rows) ?? []) result.columnTypes[index] = ColumnTypeEnum.Character
  return result
}

function isResult(value: unknown): value is pg.QueryResult {
  return typeof value === 'object' && value !== null && 'fields' in value && Array.isArray(value.fields)
}
