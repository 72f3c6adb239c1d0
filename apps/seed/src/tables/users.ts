import { defineTable, type RowOf } from '../copy/table.ts'
import type { Person } from '../world/person.ts'
import type { Random } from '../world/random.ts'
import { hour, minute, moment, type Settings } from '../world/world.ts'

export const users = defineTable('users', {
  id: 'text',
  email: 'text',
  username: 'text',
  hashed_password: 'text',
  name: 'text',
  surname: 'text',
  status: 'text',
  locale: 'text',
  timezone: 'text',
  failed_login_attempts: 'number',
  locked_until: 'time?',
  last_login_at: 'time?',
  email_verified_at: 'time?',
  password_changed_at: 'time',
  anonymized_at: 'time?',
  metadata: 'json',
  created_at: 'time',
  updated_at: 'time',
})

const places: readonly (readonly [readonly [locale: string, timezone: string], number])[] = [
  [['en', 'UTC'], 30],
  [['en-US', 'America/New_York'], 25],
  [['en-GB', 'Europe/London'], 12],
  [['de', 'Europe/Berlin'], 12],
  [['fr', 'Europe/Paris'], 8],
  [['ja', 'Asia/Tokyo'], 7],
  [['pt-BR', 'America/Sao_Paulo'], 6],
]

/** The account of a user. Few users share a password hash's salt, since hashing takes long on purpose. */
export function makeUser(
  random: Random,
  person: Person,
  hashes: readonly string[],
  { until }: Settings,
): RowOf<typeof users> {
  const { id, email, username, name, surname, activity, createdAt, lastSeenAt } = person
  const [locale, timezone] = random.weighted(places)
  const verified = activity !== 'idle' || random.chance(0.6)
  const gone = activity === 'idle' && random.chance(0.05)
  const failures = random.chance(0.03) ? random.integer(1, 5) : 0
  return {
    id,
    email,
    username,
    hashed_password: random.pick(hashes),
    name,
    surname,
    status: gone ? random.pick(['suspended', 'deactivated']) : 'active',
    locale,
    timezone,
    failed_login_attempts: failures,
    locked_until: failures === 5 ? until + 15 * minute : null,
    last_login_at: verified ? lastSeenAt : null,
    email_verified_at: verified ? moment(random, createdAt, Math.min(lastSeenAt, createdAt + hour)) : null,
    password_changed_at: random.chance(0.1) ? moment(random, createdAt, lastSeenAt) : createdAt,
    anonymized_at: null,
    metadata: { signup_source: random.pick(['web', 'invitation', 'referral', 'search']) },
    created_at: createdAt,
    updated_at: lastSeenAt,
  }
}
