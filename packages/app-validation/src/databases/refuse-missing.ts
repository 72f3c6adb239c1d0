import type { Reference } from '../references/reference.ts'
import { databaseMissing } from './failures.ts'

/** @throws `references.database-missing` for the first database that is referred to and wasn't given */
export function refuseMissing(references: readonly Reference[], given: ReadonlySet<string>): void {
  const astray = references.filter(({ target }) => !given.has(target.database))
  const [first] = astray
  if (!first) return
  const { database } = first.target
  const columns = astray
    .filter(({ target }) => target.database === database)
    .map(({ table, column }) => `${table}.${column}`)
  throw databaseMissing({ database, columns })
}
