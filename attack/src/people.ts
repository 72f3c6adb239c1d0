import type { Target } from './place/tables.ts'

/** `living`: as far as is known. `doomed`: somebody may be deleting it. `gone`: a deletion was committed. `reviving`. */
export type State = 'living' | 'doomed' | 'gone' | 'reviving'

export interface Person {
  readonly target: Target
  readonly id: string
  /** Counts up with each revival: what was written before belongs to a former life. */
  life: number
  state: State
  /** A deletion was tried in a way that a crash may undo, so that others may have seen the person gone meanwhile. */
  mayHaveBlinked: boolean
}

/** Everybody who was ever made, and what is known of them. */
export interface People {
  add(target: Target, id: string): Person
  find(target: Target, id: string): Person | undefined
  every(target: Target, state: State): readonly Person[]
  all(): Iterable<Person>
  /** How many were ever made. */
  count(): number
  /** Forgets those who went first, but for so many. @returns whom */
  forget(keep: number): readonly Person[]
}

export function makePeople(): People {
  const people = new Map<string, Person>()
  let count = 0
  const key = (target: Target, id: string) => `${target} ${id}`
  return {
    add: (target, id) => {
      const person: Person = { target, id, life: 1, state: 'living', mayHaveBlinked: false }
      people.set(key(target, id), person)
      count += 1
      return person
    },
    find: (target, id) => people.get(key(target, id)),
    every: (target, state) =>
      [...people.values()].filter((person) => person.target === target && person.state === state),
    all: () => people.values(),
    count: () => count,
    forget: (keep) => {
      const gone = [...people.values()].filter(({ state }) => state === 'gone')
      const forgotten = gone.slice(0, Math.max(0, gone.length - keep))
      for (const { target, id } of forgotten) people.delete(key(target, id))
      return forgotten
    },
  }
}
