import type { ReferencedColumn } from '../references/reference.ts'

/**
 * Says which of the values name no row of a column. The server asks the database (`referenceLookup`); a form asks an
 * endpoint of the API.
 */
export type FindMissing = (target: ReferencedColumn, values: readonly string[]) => Promise<Iterable<string>>

/** Asks for one value; what is asked for in the same moment becomes one question for each column. */
export type Exists = (target: ReferencedColumn, value: string) => Promise<boolean>

interface Question {
  readonly target: ReferencedColumn
  readonly values: Set<string>
  readonly missing: Promise<ReadonlySet<string>>
}

/**
 * zod starts all refinements of an array or a document before it waits for the first, so a microtask later all values
 * are known.
 */
export function batched(findMissing: FindMissing): Exists {
  const open = new Map<string, Question>()
  const ask = (key: string, target: ReferencedColumn): Question => {
    const values = new Set<string>()
    const missing = Promise.resolve().then(async () => {
      open.delete(key)
      return new Set(await findMissing(target, [...values]))
    })
    return { target, values, missing }
  }
  return async (target, value) => {
    const key = JSON.stringify([target.database, target.schema, target.table, target.column])
    const question = open.get(key) ?? ask(key, target)
    open.set(key, question)
    question.values.add(value)
    return !(await question.missing).has(value)
  }
}
