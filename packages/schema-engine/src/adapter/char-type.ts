import type pg from 'pg'

/** PostgreSQL's `"char"`, in which catalogs keep their one-letter kinds, and `character`. */
const charOid = 18
const bpcharOid = 1042

/** The shipped adapter knows no type for `"char"`; its text form is that of `character`. */
export function readCharAsText(client: pg.ClientBase): void {
  client.query = new Proxy(client.query, {
    apply(query, self, args: unknown[]) {
      const callback = args.at(-1)
      if (typeof callback === 'function') {
        const answer = (error: unknown, result: unknown) => callback(error, withCharAsText(result))
        return Reflect.apply(query, self, [...args.slice(0, -1), answer])
      }
      const result: unknown = Reflect.apply(query, self, args)
      return result instanceof Promise ? result.then(withCharAsText) : result
    },
  })
}

function withCharAsText(result: unknown): unknown {
  if (isResult(result)) {
    for (const field of result.fields) if (field.dataTypeID === charOid) field.dataTypeID = bpcharOid
  }
  return result
}

function isResult(value: unknown): value is pg.QueryResult {
  return typeof value === 'object' && value !== null && 'fields' in value && Array.isArray(value.fields)
}
