import { defineTable, type RowOf } from '../copy/table.ts'
import type { Random } from '../world/random.ts'
import { day } from '../world/world.ts'
import type { Message } from './conversation-history.ts'
import type { Project } from './projects.ts'

export const analyticsMetrics = defineTable('analytics_metrics', {
  id: 'text',
  project_id: 'text?',
  user_id: 'text?',
  name: 'text',
  type: 'text',
  granularity: 'text',
  value: 'number',
  unit: 'text',
  sample_count: 'number',
  dimensions: 'json',
  period_start: 'time',
  period_end: 'time',
  created_at: 'time',
  updated_at: 'time',
})

/** Messages of a project, counted by day; a day is counted when it is over, or by `until`. */
export function makeAnalyticsMetrics(
  random: Random,
  project: Project,
  messages: readonly Message[],
  until: number,
): RowOf<typeof analyticsMetrics>[] {
  const byDay = Map.groupBy(messages, ({ created_at }) => Math.floor(created_at / day))
  return [...byDay].map(([number, { length }]) => {
    const [start, end] = [number * day, (number + 1) * day]
    const at = Math.min(end, until)
    return {
      id: random.uuid(),
      project_id: project.id,
      user_id: project.user_id,
      name: 'messages',
      type: 'counter',
      granularity: 'day',
      value: length,
      unit: 'count',
      sample_count: length,
      dimensions: { phase: project.phase },
      period_start: start,
      period_end: end,
      created_at: at,
      updated_at: at,
    }
  })
}
