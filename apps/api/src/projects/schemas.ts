import { makeInputs } from '@manybase/app-validation/inputs'
import { ProjectPhase, ProjectStatus } from '@socrates/db-specs'
import { models, references } from '@socrates/db-specs/catalog'
import * as z from 'zod'
import { projectStandings } from '../access/policy.ts'
import { Id, text } from '../openapi/text.ts'
import { PageQuery, pageOf } from '../pagination/page.ts'

const inputs = makeInputs({ models, references })

const Tags = z.array(text({ min: 1, max: 50 })).max(20)
const fields = { name: text({ min: 1, max: 255 }), description: text({ max: 10_000 }), tags: Tags }

/** Whose it is follows from who asks; the score, the times and the rest from what happens to the project. */
export const NewProject = inputs.Project.create
  .pick({ phase: true, dueOn: true })
  .extend({ ...fields, description: fields.description.exactOptional(), tags: Tags.exactOptional() })
  .meta({ id: 'NewProject' })

export const ProjectChange = inputs.Project.update
  .pick({ phase: true, status: true, dueOn: true })
  .extend({
    name: fields.name.exactOptional(),
    description: fields.description.exactOptional(),
    tags: Tags.exactOptional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'There is nothing to change')
  .meta({ id: 'ProjectChange', minProperties: 1 })

export const ProjectQuery = PageQuery.extend({
  phase: z.enum(ProjectPhase).optional(),
  status: z.enum(ProjectStatus).optional(),
})

export const Project = z
  .object({
    id: Id,
    ownerId: Id,
    name: z.string(),
    description: z.string(),
    phase: z.enum(ProjectPhase),
    status: z.enum(ProjectStatus),
    maturityScore: z.number(),
    tags: z.array(z.string()),
    dueOn: z.iso.date().nullable(),
    completedAt: z.date().nullable(),
    archivedAt: z.date().nullable(),
    createdAt: z.date(),
    updatedAt: z.date(),
  })
  .meta({ id: 'Project' })

export const OwnProject = Project.extend({
  standing: z.enum(projectStandings).meta({ description: 'What the caller is to the project' }),
}).meta({ id: 'OwnProject' })

export const ProjectPage = pageOf(Project).meta({ id: 'ProjectPage' })
