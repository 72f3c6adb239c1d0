import {
  MessageRole,
  QuestionStatus,
  QuestionType,
  SessionMode,
  SessionStatus,
  SpecificationCategory,
} from '@socrates/db-specs'
import * as z from 'zod'
import { Id, text } from '../openapi/text.ts'
import { PageQuery, pageOf } from '../pagination/page.ts'

const title = text({ min: 1, max: 255 })
const words = text({ min: 1, max: 20_000 })

export const NewSession = z
  .strictObject({ title: title.exactOptional(), mode: z.enum(SessionMode).exactOptional() })
  .meta({ id: 'NewSession' })

export const SessionChange = z
  .strictObject({ title: title.exactOptional(), status: z.enum(SessionStatus).exactOptional() })
  .refine((change) => Object.keys(change).length > 0, 'There is nothing to change')
  .meta({ id: 'SessionChange', minProperties: 1 })

export const SessionQuery = PageQuery.extend({ status: z.enum(SessionStatus).optional() })

export const Session = z
  .object({
    id: Id,
    projectId: Id,
    userId: Id.meta({ description: 'Who takes part', format: 'uuid' }),
    title: z.string().nullable(),
    mode: z.enum(SessionMode),
    status: z.enum(SessionStatus),
    startedAt: z.date(),
    lastMessageAt: z.date().nullable(),
    endedAt: z.date().nullable(),
  })
  .meta({ id: 'Session' })

export const SessionPage = pageOf(Session).meta({ id: 'SessionPage' })

export const NewQuestion = z
  .strictObject({
    category: z.enum(SpecificationCategory),
    content: words,
    type: z.enum(QuestionType).exactOptional(),
    priority: z.int().min(1).max(5).exactOptional(),
  })
  .meta({ id: 'NewQuestion' })

export const Answer = z.strictObject({ answer: words }).meta({ id: 'Answer' })

export const Question = z
  .object({
    id: Id,
    sessionId: Id.nullable(),
    category: z.enum(SpecificationCategory),
    type: z.enum(QuestionType),
    status: z.enum(QuestionStatus),
    content: z.string(),
    answer: z.string().nullable(),
    priority: z.int(),
    askedAt: z.date().nullable(),
    answeredAt: z.date().nullable(),
  })
  .meta({ id: 'Question' })

export const QuestionPage = pageOf(Question).meta({ id: 'QuestionPage' })

export const Message = z
  .object({
    id: Id,
    ordinal: z.int(),
    role: z.enum(MessageRole),
    userId: Id.nullable(),
    questionId: Id.nullable(),
    content: z.string(),
    createdAt: z.date(),
  })
  .meta({ id: 'Message' })

export const MessageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  after: z.coerce
    .number()
    .int()
    .min(0)
    .max(2_000_000_000)
    .default(0)
    .meta({ description: '`next` of the page before, or the `ordinal` of the last message that is known' }),
})

export const NewMessage = z.strictObject({ content: words }).meta({ id: 'NewMessage' })

export const MessageList = z
  .object({
    items: z.array(Message),
    next: z.int().nullable().meta({ description: 'For `after`; null at the end' }),
  })
  .meta({ id: 'MessageList' })
