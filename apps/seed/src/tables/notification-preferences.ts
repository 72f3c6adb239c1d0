import { defineTable, type RowOf } from '../copy/table.ts'
import type { Person } from '../world/person.ts'
import type { Random } from '../world/random.ts'
import { day, moment } from '../world/world.ts'

export const notificationPreferences = defineTable('notification_preferences', {
  id: 'text',
  user_id: 'text',
  project_id: 'text?',
  channel: 'text',
  event: 'text',
  frequency: 'text',
  is_enabled: 'flag',
  settings: 'json',
  muted_until: 'time?',
  created_at: 'time',
  updated_at: 'time',
})

const choices = [
  ['email', 'security'],
  ['email', 'billing'],
  ['email', 'digest'],
  ['in_app', 'question_pending'],
  ['in_app', 'conflict_detected'],
  ['push', 'generation_finished'],
] as const

/** What a user has changed in the notices, if anything. */
export function makeNotificationPreferences(
  random: Random,
  person: Person,
): RowOf<typeof notificationPreferences>[] {
  if (person.activity === 'idle') return []
  return choices
    .filter(() => random.chance(0.35))
    .map(([channel, event]) => {
      const at = moment(random, person.createdAt, person.lastSeenAt)
      const enabled = event === 'security' || random.chance(0.55)
      return {
        id: random.uuid(),
        user_id: person.id,
        project_id: null,
        channel,
        event,
        frequency: event === 'digest' ? 'weekly' : random.pick(['immediately', 'hourly', 'daily']),
        is_enabled: enabled,
        settings: {},
        muted_until: enabled && random.chance(0.05) ? person.lastSeenAt + 7 * day : null,
        created_at: at,
        updated_at: at,
      }
    })
}
