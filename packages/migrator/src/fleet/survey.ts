import { type Failure, isFailure } from '@manybase/failure'
import { entryOf, type Target } from '../catalog/target.ts'
import { defaultJobs, mapBounded } from './bounded.ts'

/** What one database said, or why a member of a list said nothing. */
export type Answer<T> =
  | { readonly kind: 'answered'; readonly target: Target; readonly value: T }
  | { readonly kind: 'silent'; readonly target: Target; readonly error: Failure }

export type Silent = Extract<Answer<unknown>, { readonly kind: 'silent' }>

/**
 * Asks databases, some at a time. A member of a list that can't answer leaves the others' answers as they are;
 * any other database that can't is a failure of the whole.
 */
export const survey = <T>(
  targets: readonly Target[],
  ask: (target: Target) => Promise<T>,
  jobs: number = defaultJobs,
): Promise<readonly Answer<T>[]> =>
  mapBounded(targets, jobs, async (target) => {
    try {
      return { kind: 'answered', target, value: await ask(target) }
    } catch (error) {
      if (!isFailure(error) || !target.membership) throw error
      return { kind: 'silent', target, error }
    }
  })

export const answersOf = <T>(answers: readonly Answer<T>[]): readonly T[] =>
  answers.flatMap((answer) => (answer.kind === 'answered' ? [answer.value] : []))

export const silentOf = (answers: readonly Answer<unknown>[]): readonly Silent[] =>
  answers.filter((answer) => answer.kind === 'silent')

/** Answers by the catalog's name, in its order. A list of which one member is meant is like any other database. */
export const byEntry = <T>(
  answers: readonly Answer<T>[],
): readonly (readonly [string, readonly Answer<T>[]])[] => [
  ...Map.groupBy(answers, ({ target }) => entryOf(target)),
]
