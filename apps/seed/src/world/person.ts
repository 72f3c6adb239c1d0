import type { Phrases } from './phrases.ts'
import type { Random } from './random.ts'
import { day, hour, type Settings, span, streamOf } from './world.ts'

/** How much a user does: most try it and leave, a few do most of the work. */
export type Activity = 'idle' | 'casual' | 'active' | 'heavy'

/** Share of each among the users. */
const activities: readonly (readonly [Activity, number])[] = [
  ['idle', 0.42],
  ['casual', 0.36],
  ['active', 0.18],
  ['heavy', 0.04],
]

/** What both databases know of a user. */
export interface Person {
  readonly index: number
  readonly id: string
  readonly activity: Activity
  readonly name: string
  readonly surname: string
  readonly username: string
  readonly email: string
  /** Sign-up. */
  readonly createdAt: number
  /** The last sign of life. */
  readonly lastSeenAt: number
}

/** The user of that number; users are numbered in the order of their sign-up. */
export function personAt(settings: Settings, phrases: Phrases, index: number): Person {
  const random = streamOf(settings, 'user', index)
  const id = random.uuid()
  const activity = random.weighted(activities)
  const [name, surname] = [random.pick(phrases.names), random.pick(phrases.surnames)]
  const username = `${asciiOf(name)}.${asciiOf(surname)}${index + 1}`
  const createdAt = signUp(settings, index, random)
  return {
    index,
    id,
    activity,
    name,
    surname,
    username,
    email: `${username}@${random.pick(phrases.domains)}`,
    createdAt,
    lastSeenAt: lastSeen(settings, activity, createdAt, random),
  }
}

/** More users sign up each month than in the one before. */
function signUp({ users, until }: Settings, index: number, random: Random): number {
  const share = (index + random.unit()) / users
  return Math.floor(until - span + (span - hour) * Math.sqrt(share))
}

function lastSeen({ until }: Settings, activity: Activity, createdAt: number, random: Random): number {
  const age = until - createdAt
  switch (activity) {
    case 'idle':
      return Math.floor(createdAt + Math.min(age, random.between(0, 2 * day)))
    case 'casual':
      return Math.floor(createdAt + age * random.between(0.1, 1))
    case 'active':
      return Math.floor(until - Math.min(age, random.between(0, 14 * day)))
    case 'heavy':
      return Math.floor(until - Math.min(age, random.between(0, 2 * day)))
  }
}

const asciiOf = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/[^A-Za-z]/g, '')
    .toLowerCase()
