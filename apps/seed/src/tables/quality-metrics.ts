import { defineTable, type RowOf } from '../copy/table.ts'
import type { Random } from '../world/random.ts'
import { cents, moment } from '../world/world.ts'
import type { GeneratedProject } from './generated-projects.ts'
import type { Project } from './projects.ts'

export const qualityMetrics = defineTable('quality_metrics', {
  id: 'text',
  project_id: 'text',
  generated_project_id: 'text?',
  type: 'text',
  status: 'text',
  score: 'number',
  threshold: 'number?',
  details: 'json',
  measured_at: 'time',
  created_at: 'time',
  updated_at: 'time',
})

type QualityMetric = RowOf<typeof qualityMetrics>

const threshold = 70
const ofProject = ['completeness', 'consistency', 'clarity', 'coverage', 'maturity'] as const
const ofCode = ['maintainability', 'security', 'testability'] as const

/** Scores of the specification, around the project's maturity, and of each run that succeeded. */
export function makeQualityMetrics(
  random: Random,
  project: Project,
  runs: readonly GeneratedProject[],
): QualityMetric[] {
  const measuredAt = moment(random, project.created_at, project.updated_at)
  const made = (type: string, score: number, at: number, run: string | null): QualityMetric => ({
    id: random.uuid(),
    project_id: project.id,
    generated_project_id: run,
    type,
    status: score >= threshold ? 'passed' : score >= threshold - 20 ? 'warning' : 'failed',
    score,
    threshold,
    details: { samples: random.integer(1, 40) },
    measured_at: at,
    created_at: at,
    updated_at: at,
  })
  const near = () => cents(Math.min(100, Math.max(0, project.maturity_score + random.between(-15, 15))))
  return [
    ...ofProject.map((type) =>
      made(type, type === 'maturity' ? project.maturity_score : near(), measuredAt, null),
    ),
    ...runs
      .filter(({ status }) => status === 'succeeded')
      .flatMap((run) =>
        ofCode.map((type) => made(type, cents(random.between(50, 100)), run.updated_at, run.id)),
      ),
  ]
}
