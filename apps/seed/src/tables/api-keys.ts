import { defineTable, type RowOf } from '../copy/table.ts'
import type { Person } from '../world/person.ts'
import type { Phrases } from '../world/phrases.ts'
import type { Random } from '../world/random.ts'
import { day, moment } from '../world/world.ts'
import type { Project } from './projects.ts'

export const apiKeys = defineTable('api_keys', {
  id: 'text',
  user_id: 'text',
  project_id: 'text?',
  name: 'text',
  key_prefix: 'text',
  key_hash: 'text',
  status: 'text',
  scopes: 'list',
  rate_limit_per_minute: 'number?',
  last_used_ip: 'text?',
  last_used_at: 'time?',
  expires_at: 'time?',
  revoked_at: 'time?',
  created_at: 'time',
  updated_at: 'time',
})

export type ApiKey = RowOf<typeof apiKeys>

/** Keys for programs, which only those have who work a lot. */
export function makeApiKeys(
  random: Random,
  phrases: Phrases,
  person: Person,
  projects: readonly Project[],
): ApiKey[] {
  const most = { idle: 0, casual: 0, active: 1, heavy: 3 }[person.activity]
  return Array.from({ length: random.integer(0, most) }, () => {
    const project = projects.length > 0 && random.chance(0.5) ? random.pick(projects) : undefined
    const createdAt = moment(random, project?.created_at ?? person.createdAt, person.lastSeenAt)
    const usedAt = random.chance(0.8) ? moment(random, createdAt, person.lastSeenAt) : null
    const revokedAt = random.chance(0.15) ? moment(random, usedAt ?? createdAt, person.lastSeenAt) : null
    return {
      id: random.uuid(),
      user_id: person.id,
      project_id: project?.id ?? null,
      name: random.pick(['CI', 'Laptop', 'Export', 'Chat bot']),
      key_prefix: `sk_${random.digest().slice(0, 8)}`,
      key_hash: random.digest(),
      status: revokedAt === null ? 'active' : 'revoked',
      scopes: random.chance(0.5) ? ['projects:read'] : ['projects:read', 'projects:write'],
      rate_limit_per_minute: random.chance(0.5) ? 60 : null,
      last_used_ip: usedAt === null ? null : random.pick(phrases.addresses),
      last_used_at: usedAt,
      expires_at: random.chance(0.3) ? person.lastSeenAt + 365 * day : null,
      revoked_at: revokedAt,
      created_at: createdAt,
      updated_at: revokedAt ?? usedAt ?? createdAt,
    }
  })
}
