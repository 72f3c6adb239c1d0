import type { Book } from '../book.ts'
import type { Violation } from '../judge/violation.ts'
import type { People } from '../people.ts'
import type { Place } from '../place/place.ts'
import type { Random } from '../random.ts'
import type { Tally } from '../tally.ts'
import type { Crew } from './crew.ts'

/** What everyone in an attack works with. */
export interface Scene {
  readonly place: Place
  readonly random: Random
  readonly people: People
  readonly book: Book
  readonly tally: Tally
  readonly crew: Crew
  /** Violations that show at once. */
  readonly violations: Violation[]
  /** Naive cascades that are still to be taken, where nothing is installed. */
  readonly owed: { readonly target: 'users' | 'members'; readonly ids: readonly string[] }[]
}
