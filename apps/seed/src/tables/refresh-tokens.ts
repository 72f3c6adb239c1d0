import { defineTable, type RowOf } from '../copy/table.ts'
import type { Person } from '../world/person.ts'
import type { Phrases } from '../world/phrases.ts'
import type { Random } from '../world/random.ts'
import { day, moment } from '../world/world.ts'

export const refreshTokens = defineTable('refresh_tokens', {
  id: 'text',
  user_id: 'text',
  family_id: 'text',
  replaced_by_id: 'text?',
  token_hash: 'text',
  ip_address: 'text?',
  user_agent: 'text?',
  expires_at: 'time',
  used_at: 'time?',
  revoked_at: 'time?',
  revocation_reason: 'text?',
  created_at: 'time',
  updated_at: 'time',
})

type RefreshToken = RowOf<typeof refreshTokens>

const lifetime = 30 * day
const signIns = { idle: 1, casual: 2, active: 4, heavy: 7 } as const

/** The families of a user's sign-ins: each token but the last was exchanged for the next. */
export function makeRefreshTokens(random: Random, phrases: Phrases, person: Person): RefreshToken[] {
  const families = random.integer(person.activity === 'idle' ? 0 : 1, signIns[person.activity])
  return Array.from({ length: families }).flatMap(() => makeFamily(random, phrases, person))
}

function makeFamily(random: Random, phrases: Phrases, person: Person): RefreshToken[] {
  const length = random.integer(1, 4)
  const ids = Array.from({ length }, () => random.uuid())
  const [family, ip, agent] = [random.uuid(), random.pick(phrases.addresses), random.pick(phrases.agents)]
  const revocation = random.chance(0.3)
    ? random.weighted([
        ['logout', 8],
        ['password_changed', 1],
        ['reuse_detected', 0.3],
      ])
    : null
  let issued = moment(random, person.createdAt, person.lastSeenAt)
  return ids.map((id, index) => {
    const next = ids[index + 1] ?? null
    const exchanged = moment(random, issued, Math.min(person.lastSeenAt, issued + lifetime))
    const token: RefreshToken = {
      id,
      user_id: person.id,
      family_id: family,
      replaced_by_id: next,
      token_hash: random.digest(),
      ip_address: ip,
      user_agent: agent,
      expires_at: issued + lifetime,
      used_at: next === null ? null : exchanged,
      revoked_at: next === null && revocation ? exchanged : null,
      revocation_reason: next === null ? revocation : null,
      created_at: issued,
      updated_at: next === null && !revocation ? issued : exchanged,
    }
    issued = exchanged
    return token
  })
}
