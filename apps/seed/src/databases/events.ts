import type { Event } from '../tables/activity-logs.ts'
import type { Conflict } from '../tables/conflicts.ts'
import type { GeneratedProject } from '../tables/generated-projects.ts'
import type { Document } from '../tables/knowledge-base-documents.ts'
import type { Project } from '../tables/projects.ts'
import type { Session } from '../tables/sessions.ts'
import type { Specification } from '../tables/specifications.ts'

interface Happened {
  readonly sessions: readonly Session[]
  readonly specifications: readonly Specification[]
  readonly conflicts: readonly Conflict[]
  readonly documents: readonly Document[]
  readonly runs: readonly GeneratedProject[]
}

/** What the rows of a project say of its history. */
export function eventsOf(project: Project, happened: Happened): readonly Event[] {
  const event = (action: string, entityType: string, entityId: string, at: number): Event => ({
    action,
    entityType,
    entityId,
    userId: project.user_id,
    projectId: project.id,
    at,
  })
  const { completed_at: completedAt, archived_at: archivedAt } = project
  return [
    event('project.create', 'project', project.id, project.created_at),
    ...happened.sessions.map(({ id, started_at }) => event('session.start', 'session', id, started_at)),
    ...happened.specifications.flatMap(({ id, confirmed_at: at }) =>
      at === null ? [] : [event('specification.confirm', 'specification', id, at)],
    ),
    ...happened.conflicts.map(({ id, detected_at }) => event('conflict.detect', 'conflict', id, detected_at)),
    ...happened.documents.map(({ id, created_at }) => event('document.upload', 'document', id, created_at)),
    ...happened.runs.map(({ id, created_at }) =>
      event('project.generate', 'generated_project', id, created_at),
    ),
    ...(completedAt === null ? [] : [event('project.complete', 'project', project.id, completedAt)]),
    ...(archivedAt === null ? [] : [event('project.archive', 'project', project.id, archivedAt)]),
  ]
}
