import { SpecificationCategory, SpecificationSource, SpecificationStatus } from '@socrates/db-specs'
import * as z from 'zod'
import { Id, text } from '../openapi/text.ts'
import { PageQuery, pageOf } from '../pagination/page.ts'

const value = text({ min: 1, max: 20_000 })

export const NewSpecification = z
  .strictObject({
    category: z.enum(SpecificationCategory),
    key: text({ min: 1, max: 255 }).meta({ description: 'Its name within the category' }),
    value,
  })
  .meta({ id: 'NewSpecification' })

/** What is confirmed is not unsaid: a new version takes its place. */
export const SpecificationChange = z
  .strictObject({ value: value.exactOptional(), status: z.enum(['confirmed', 'rejected']).exactOptional() })
  .refine((change) => Object.keys(change).length > 0, 'There is nothing to change')
  .meta({ id: 'SpecificationChange', minProperties: 1 })

export const SpecificationQuery = PageQuery.extend({
  category: z.enum(SpecificationCategory).optional(),
  status: z.enum(SpecificationStatus).optional(),
})

export const Specification = z
  .object({
    id: Id,
    projectId: Id,
    sessionId: Id.nullable(),
    questionId: Id.nullable(),
    category: z.enum(SpecificationCategory),
    key: z.string(),
    value: z.string(),
    version: z.int(),
    source: z.enum(SpecificationSource),
    status: z.enum(SpecificationStatus),
    confidence: z.number(),
    supersededById: Id.nullable(),
    confirmedBy: Id.nullable(),
    confirmedAt: z.date().nullable(),
    createdAt: z.date(),
    updatedAt: z.date(),
  })
  .meta({ id: 'Specification' })

export const SpecificationPage = pageOf(Specification).meta({ id: 'SpecificationPage' })
