import * as z from 'zod'
import { Id } from '../openapi/text.ts'

export const Deleted = z
  .object({
    deletionId: Id,
    receiptToken: z.string().meta({ description: 'Opens /v1/deletions/{deletionId}, as bearer; shown once' }),
  })
  .meta({ id: 'Deleted' })

const Done = z.object({
  column: z.string().meta({ description: 'schema.table.column that named the user' }),
  action: z.enum(['Cascade', 'SetNull', 'Restrict', 'Keep']),
  rows: z.int().meta({ description: 'Rows that were deleted or cleared' }),
  left: z.int().meta({ description: 'Rows that name the user still: none, but where they are kept' }),
})

const Share = z.object({
  database: z.string(),
  sweptAt: z.string().nullable().meta({ description: 'Null while it is going on', format: 'date-time' }),
  done: z.array(Done),
  batch: z.int().nullable().meta({ description: 'The receipt’s place in the chain' }),
  hash: z.string().nullable(),
})

export const DeletionReport = z
  .object({
    id: Id,
    status: z.enum(['pending', 'swept']),
    deletedAt: z.string().meta({ format: 'date-time' }),
    databases: z.array(Share),
  })
  .meta({ id: 'DeletionReport' })

export const Anonymised = z
  .object({
    id: Id,
    anonymisedAt: z.date(),
    done: z.array(Done.omit({ left: true })).meta({ description: 'What became of rows that named the user' }),
  })
  .meta({ id: 'Anonymised' })
