import { defineTable, type RowOf } from '../copy/table.ts'
import { type Settings, span, streamOf } from '../world/world.ts'

export const adminRoles = defineTable('admin_roles', {
  id: 'text',
  name: 'text',
  description: 'text',
  permissions: 'json',
  is_system: 'flag',
  created_at: 'time',
  updated_at: 'time',
})

const roles = [
  ['owner', 'May do everything', ['*']],
  ['support', 'Helps users', ['users.read', 'users.unlock', 'projects.read']],
  ['moderator', 'Suspends who breaks the rules', ['users.read', 'users.suspend']],
  ['billing', 'Looks after subscriptions and invoices', ['subscriptions.read', 'invoices.refund']],
  ['auditor', 'Reads the trail', ['audit.read']],
] as const

export function makeAdminRoles(settings: Settings): RowOf<typeof adminRoles>[] {
  const random = streamOf(settings, 'staff')
  const createdAt = settings.until - span
  return roles.map(([name, description, permissions]) => ({
    id: random.uuid(),
    name,
    description,
    permissions,
    is_system: name === 'owner',
    created_at: createdAt,
    updated_at: createdAt,
  }))
}
