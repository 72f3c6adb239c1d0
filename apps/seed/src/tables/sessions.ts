import { defineTable, type RowOf } from '../copy/table.ts'
import type { Activity } from '../world/person.ts'
import type { Phrases } from '../world/phrases.ts'
import type { Random } from '../world/random.ts'
import { minute, moment } from '../world/world.ts'
import type { Project } from './projects.ts'

export const sessions = defineTable('sessions', {
  id: 'text',
  project_id: 'text',
  user_id: 'text',
  title: 'text?',
  mode: 'text',
  status: 'text',
  summary: 'text?',
  context: 'json',
  started_at: 'time',
  last_message_at: 'time',
  ended_at: 'time?',
  created_at: 'time',
  updated_at: 'time',
})

export type Session = RowOf<typeof sessions>

const counts = { idle: [1, 1], casual: [1, 3], active: [2, 6], heavy: [4, 10] } as const

/** The conversations of a project, in the order of their beginning; only the last one may still be open. */
export function makeSessions(
  random: Random,
  phrases: Phrases,
  project: Project,
  activity: Activity,
): Session[] {
  const [fewest, most] = counts[activity]
  const starts = Array.from({ length: random.integer(fewest, most) }, () =>
    moment(random, project.created_at, project.updated_at),
  ).sort((one, other) => one - other)
  return starts.map((startedAt, index) => {
    const end = Math.min(project.updated_at, startedAt + random.integer(5, 90) * minute)
    const open = index === starts.length - 1 && project.status === 'active'
    const status = open
      ? random.pick(['active', 'paused'])
      : random.weighted([
          ['completed', 0.8],
          ['abandoned', 0.2],
        ])
    return {
      id: random.uuid(),
      project_id: project.id,
      user_id: project.user_id,
      title: random.chance(0.8) ? `On how to ${random.pick(phrases.features)}` : null,
      mode: random.weighted([
        ['socratic', 0.75],
        ['direct_chat', 0.17],
        ['review', 0.08],
      ]),
      status,
      summary: status === 'completed' ? random.pick(phrases.paragraphs) : null,
      context: { phase: project.phase },
      started_at: startedAt,
      last_message_at: end,
      ended_at: open ? null : end,
      created_at: startedAt,
      updated_at: end,
    }
  })
}
