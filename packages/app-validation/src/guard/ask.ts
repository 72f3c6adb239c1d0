import type { TargetedValue } from '../violations/named-value.ts'
import * as question from './question.ts'
import { targetKey } from './question.ts'

/** Sends statements in one message, and gives the rows of each. */
export type Send = (statements: readonly string[]) => Promise<readonly (readonly Row[])[]>

type Row = Readonly<Record<string, unknown>>

/**
 * Looks the named values up.
 * @param before statements that go in the same message, ahead
 * @returns those that name no row
 */
export async function findMissing<N extends TargetedValue>(
  send: Send,
  named: readonly N[],
  { lock, before = [] }: { readonly lock: boolean; readonly before?: readonly string[] },
): Promise<readonly N[]> {
  const questions = question.questionsOf(named)
  const answers = await send([...before, ...questions.map((one) => question.lookUp(one, lock))])
  const unmatched = questions.flatMap(({ target, values }, index) => {
    const found = new Set(answers[before.length + index]?.map(({ id }) => id))
    const left = values.filter((value) => !found.has(value))
    return left.length === 0 ? [] : [{ target, values: left }]
  })
  if (unmatched.length === 0) return []
  const spellings = await send(unmatched.map(question.lookUpSpellings))
  const missing = new Map(
    unmatched.map(({ target, values }, index) => {
      const found = new Set(spellings[index]?.map(({ i }) => Number(i)))
      return [targetKey(target), new Set(values.filter((_, i) => !found.has(i)))]
    }),
  )
  return named.filter(({ reference, value }) => missing.get(targetKey(reference.target))?.has(value))
}
