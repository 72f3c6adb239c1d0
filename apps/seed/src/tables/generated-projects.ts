import { defineTable, type RowOf } from '../copy/table.ts'
import type { Random } from '../world/random.ts'
import type { Model } from '../world/wording.ts'
import { minute, moment } from '../world/world.ts'
import type { Project } from './projects.ts'

export const generatedProjects = defineTable('generated_projects', {
  id: 'text',
  project_id: 'text',
  requested_by: 'text?',
  version: 'number',
  status: 'text',
  language: 'text',
  framework: 'text?',
  model: 'text?',
  options: 'json',
  specification_snapshot: 'json',
  file_count: 'number',
  total_bytes: 'number',
  archive_uri: 'text?',
  error_message: 'text?',
  started_at: 'time?',
  finished_at: 'time?',
  created_at: 'time',
  updated_at: 'time',
})

export type GeneratedProject = RowOf<typeof generatedProjects>

const stacks = [
  ['TypeScript', 'Fastify'],
  ['TypeScript', 'Next.js'],
  ['Python', 'FastAPI'],
  ['Go', null],
] as const

/** The runs of a project that is ripe for code; files and their sizes are counted by `withFiles`. */
export function makeGeneratedProjects(random: Random, project: Project, model: Model): GeneratedProject[] {
  if (project.phase !== 'implementation') return []
  const [language, framework] = random.pick(stacks)
  const requests = Array.from({ length: random.integer(1, 3) }, () =>
    moment(random, project.created_at, project.updated_at),
  ).sort((one, other) => one - other)
  return requests.map((requestedAt, index) => {
    const finishedAt = Math.min(project.updated_at, requestedAt + random.integer(1, 12) * minute)
    const status = random.weighted([
      ['succeeded', 0.85],
      ['failed', 0.1],
      ['cancelled', 0.05],
    ])
    const id = random.uuid()
    return {
      id,
      project_id: project.id,
      requested_by: project.user_id,
      version: index + 1,
      status,
      language,
      framework,
      model: model.name,
      options: { tests: random.chance(0.7) },
      specification_snapshot: { maturity: project.maturity_score },
      file_count: 0,
      total_bytes: 0,
      archive_uri: status === 'succeeded' ? `s3://generated/${id}.zip` : null,
      error_message: status === 'failed' ? 'The model did not answer in time.' : null,
      started_at: requestedAt,
      finished_at: finishedAt,
      created_at: requestedAt,
      updated_at: finishedAt,
    }
  })
}

/** The run with what its files add up to. */
export const withFiles = (
  run: GeneratedProject,
  files: readonly { readonly size_bytes: number }[],
): GeneratedProject => ({
  ...run,
  file_count: files.length,
  total_bytes: files.reduce((sum, { size_bytes }) => sum + size_bytes, 0),
})
