import { defineTable, type RowOf } from '../copy/table.ts'
import type { Phrases } from '../world/phrases.ts'
import type { Random } from '../world/random.ts'

export const activityLogs = defineTable('activity_logs', {
  id: 'text',
  user_id: 'text',
  project_id: 'text?',
  team_id: 'text?',
  action: 'text',
  entity_type: 'text',
  entity_id: 'text?',
  changes: 'json',
  metadata: 'json',
  ip_address: 'text?',
  user_agent: 'text?',
  request_id: 'text?',
  occurred_at: 'time',
  created_at: 'time',
  updated_at: 'time',
})

/** Something that happened in the rows. */
export interface Event {
  readonly action: string
  readonly entityType: string
  readonly entityId: string
  readonly userId: string
  readonly projectId?: string
  readonly teamId?: string
  readonly at: number
}

/** The log's line for each event. */
export const makeActivityLogs = (
  random: Random,
  phrases: Phrases,
  events: readonly Event[],
): RowOf<typeof activityLogs>[] =>
  events.map((event) => ({
    id: random.uuid(),
    user_id: event.userId,
    project_id: event.projectId ?? null,
    team_id: event.teamId ?? null,
    action: event.action,
    entity_type: event.entityType,
    entity_id: event.entityId,
    changes: {},
    metadata: {},
    ip_address: random.pick(phrases.addresses),
    user_agent: random.pick(phrases.agents),
    request_id: random.uuid(),
    occurred_at: event.at,
    created_at: event.at,
    updated_at: event.at,
  }))
