import { makeBook } from './book.ts'
import { makePeople } from './people.ts'
import { makePlace, sides } from './place/place.ts'
import { makeRandom } from './random.ts'
import { makeTally } from './tally.ts'
import { makeCrew } from './work/crew.ts'
import type { Scene } from './work/scene.ts'

export interface StageOptions {
  /** Decides what is tried, and whether deletions are announced. */
  readonly seed: number
  /** false: check-then-write, with nothing installed. */
  readonly guarded: boolean
  /** Release of PostgreSQL, such as 15; the one of the repository when left out. */
  readonly postgres?: string | undefined
}

/** Everything that an attack needs, with nobody in it yet. */
export interface Stage extends AsyncDisposable {
  readonly scene: Scene
}

const crewSize = 2

/** Two servers with both databases at head, and processes that write. */
export async function makeStage({ seed, guarded, postgres }: StageOptions): Promise<Stage> {
  const place = await makePlace({ guarded, major: postgres, announces: seed % 2 === 1 })
  try {
    for (const side of sides) await place.makeDatabase(side)
    await place.run('migrate')
  } catch (error) {
    await place.remove()
    throw error
  }
  const crew = makeCrew(crewSize, { auth: place.url('auth'), specs: place.url('specs'), guarded })
  return {
    scene: {
      place,
      random: makeRandom(seed),
      people: makePeople(),
      book: makeBook(),
      tally: makeTally(),
      crew,
      violations: [],
      owed: [],
    },
    [Symbol.asyncDispose]: async () => {
      await crew.stop()
      await place.remove()
    },
  }
}
