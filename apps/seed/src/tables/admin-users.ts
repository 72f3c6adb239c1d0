import { defineTable, type RowOf } from '../copy/table.ts'
import type { Person } from '../world/person.ts'
import type { Random } from '../world/random.ts'
import { day, moment } from '../world/world.ts'
import type { adminRoles } from './admin-roles.ts'

export const adminUsers = defineTable('admin_users', {
  id: 'text',
  user_id: 'text',
  role_id: 'text',
  granted_by_id: 'text?',
  status: 'text',
  granted_at: 'time',
  expires_at: 'time?',
  revoked_at: 'time?',
  created_at: 'time',
  updated_at: 'time',
})

export type AdminUser = RowOf<typeof adminUsers>

/** The first user owns the system; of the others one in two hundred has a role, which the first one granted. */
export function makeAdminUsers(
  random: Random,
  person: Person,
  first: Person,
  roles: readonly RowOf<typeof adminRoles>[],
): AdminUser[] {
  const founder = person.index === 0
  if (!founder && !random.chance(1 / 200)) return []
  const [owner, ...others] = roles
  if (!owner) throw new TypeError('there is a role for the owner')
  const grantedAt = founder ? person.createdAt : moment(random, person.createdAt, person.lastSeenAt)
  const revoked = !founder && random.chance(0.15)
  const revokedAt = revoked ? moment(random, grantedAt, person.lastSeenAt) : null
  return [
    {
      id: random.uuid(),
      user_id: person.id,
      role_id: founder ? owner.id : random.pick(others).id,
      granted_by_id: founder ? null : first.id,
      status: revoked ? 'revoked' : 'active',
      granted_at: grantedAt,
      expires_at: !founder && random.chance(0.2) ? grantedAt + 365 * day : null,
      revoked_at: revokedAt,
      created_at: grantedAt,
      updated_at: revokedAt ?? grantedAt,
    },
  ]
}
