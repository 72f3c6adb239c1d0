import { defineTable, type RowOf } from '../copy/table.ts'
import type { Person } from '../world/person.ts'
import type { Phrases } from '../world/phrases.ts'
import type { Random } from '../world/random.ts'
import { moment } from '../world/world.ts'
import type { AdminUser } from './admin-users.ts'

export const adminAuditLogs = defineTable('admin_audit_logs', {
  id: 'text',
  admin_user_id: 'text',
  action: 'text',
  target_type: 'text',
  target_id: 'text?',
  outcome: 'text',
  reason: 'text?',
  changes: 'json',
  ip_address: 'text?',
  user_agent: 'text?',
  request_id: 'text?',
  created_at: 'time',
  updated_at: 'time',
})

const actions = [
  ['user.unlock', 'user', { failed_login_attempts: [5, 0] }],
  ['user.read', 'user', {}],
  ['refresh_token.revoke', 'refresh_token', { revoked_at: [null, 'now'] }],
  ['system.settings', 'system', { sign_up: ['open', 'invited'] }],
] as const

/** What an administrator did while the role was held. */
export function makeAdminAuditLogs(
  random: Random,
  phrases: Phrases,
  person: Person,
  assignment: AdminUser,
): RowOf<typeof adminAuditLogs>[] {
  const end = assignment.revoked_at ?? person.lastSeenAt
  return Array.from({ length: random.integer(1, 12) }, () => {
    const [action, targetType, changes] = random.pick(actions)
    const at = moment(random, assignment.granted_at, end)
    return {
      id: random.uuid(),
      admin_user_id: assignment.id,
      action,
      target_type: targetType,
      target_id: targetType === 'user' ? person.id : null,
      outcome: random.weighted([
        ['succeeded', 0.95],
        ['denied', 0.04],
        ['failed', 0.01],
      ]),
      reason: random.chance(0.4) ? random.pick(phrases.sentences) : null,
      changes,
      ip_address: random.pick(phrases.addresses),
      user_agent: random.pick(phrases.agents),
      request_id: random.uuid(),
      created_at: at,
      updated_at: at,
    }
  })
}
