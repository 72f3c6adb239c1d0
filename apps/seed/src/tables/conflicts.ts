import { defineTable, type RowOf } from '../copy/table.ts'
import type { Phrases } from '../world/phrases.ts'
import type { Random } from '../world/random.ts'
import { moment } from '../world/world.ts'
import type { Project } from './projects.ts'
import type { Specification } from './specifications.ts'

export const conflicts = defineTable('conflicts', {
  id: 'text',
  project_id: 'text',
  specification_id: 'text',
  conflicting_specification_id: 'text?',
  resolved_by: 'text?',
  type: 'text',
  severity: 'text',
  status: 'text',
  description: 'text',
  suggestions: 'json',
  resolution: 'text?',
  detected_at: 'time',
  resolved_at: 'time?',
  created_at: 'time',
  updated_at: 'time',
})

export type Conflict = RowOf<typeof conflicts>

/** Specifications of a project that disagree with the one before: about one in fifteen. */
export function makeConflicts(
  random: Random,
  phrases: Phrases,
  project: Project,
  specifications: readonly Specification[],
): Conflict[] {
  return specifications.flatMap((specification, index) => {
    const other = specifications[index - 1]
    if (!other || other.superseded_by_id === specification.id || !random.chance(1 / 15)) return []
    const known = Math.max(specification.created_at, other.created_at)
    const detectedAt = moment(random, known, project.updated_at)
    const status = random.weighted([
      ['open', 0.3],
      ['resolved', 0.55],
      ['dismissed', 0.15],
    ])
    const closedAt = status === 'open' ? null : moment(random, detectedAt, project.updated_at)
    return [
      {
        id: random.uuid(),
        project_id: project.id,
        specification_id: specification.id,
        conflicting_specification_id: other.id,
        resolved_by: closedAt === null ? null : project.user_id,
        type: random.pick([
          'contradiction',
          'ambiguity',
          'duplication',
          'feasibility',
          'technology',
          'timeline',
          'resource',
        ]),
        severity: random.weighted([
          ['low', 0.3],
          ['medium', 0.4],
          ['high', 0.22],
          ['critical', 0.08],
        ]),
        status,
        description: `${specification.key} and ${other.key} disagree: ${random.pick(phrases.sentences)}`,
        suggestions: [random.pick(phrases.sentences)],
        resolution: status === 'resolved' ? random.pick(phrases.sentences) : null,
        detected_at: detectedAt,
        resolved_at: closedAt,
        created_at: detectedAt,
        updated_at: closedAt ?? detectedAt,
      },
    ]
  })
}
