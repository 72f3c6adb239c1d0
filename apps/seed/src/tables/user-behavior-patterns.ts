import { defineTable, type RowOf } from '../copy/table.ts'
import type { Person } from '../world/person.ts'
import type { Random } from '../world/random.ts'
import { moment } from '../world/world.ts'

export const userBehaviorPatterns = defineTable('user_behavior_patterns', {
  id: 'text',
  user_id: 'text',
  type: 'text',
  pattern: 'json',
  confidence: 'number',
  sample_count: 'number',
  first_observed_at: 'time',
  last_observed_at: 'time',
  created_at: 'time',
  updated_at: 'time',
})

const types = [
  'communication_style',
  'answer_depth',
  'activity_rhythm',
  'topic_preference',
  'learning_pace',
  'decision_style',
] as const

/** How a user who stayed works; the more was seen, the surer it is. */
export function makeBehaviorPatterns(random: Random, person: Person): RowOf<typeof userBehaviorPatterns>[] {
  if (person.activity === 'idle') return []
  return types
    .filter(() => random.chance(0.5))
    .map((type) => {
      const samples = random.integer(1, 60)
      const first = moment(random, person.createdAt, person.lastSeenAt)
      const last = moment(random, first, person.lastSeenAt)
      return {
        id: random.uuid(),
        user_id: person.id,
        type,
        pattern: { leaning: random.pick(['low', 'middle', 'high']) },
        confidence: Math.round((1 - 1 / (1 + samples / 5)) * 1000) / 1000,
        sample_count: samples,
        first_observed_at: first,
        last_observed_at: last,
        created_at: first,
        updated_at: last,
      }
    })
}
