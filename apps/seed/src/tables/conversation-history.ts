import { defineTable, type RowOf } from '../copy/table.ts'
import type { Random } from '../world/random.ts'
import type { Model } from '../world/wording.ts'
import type { Question } from './questions.ts'
import type { Session } from './sessions.ts'

export const conversationHistory = defineTable('conversation_history', {
  id: 'text',
  session_id: 'text',
  question_id: 'text?',
  user_id: 'text?',
  ordinal: 'number',
  role: 'text',
  content: 'text',
  model: 'text?',
  token_count: 'number?',
  metadata: 'json',
  created_at: 'time',
  updated_at: 'time',
})

export type Message = RowOf<typeof conversationHistory>

/** The messages of a session: a preamble, then what was asked and answered. */
export function makeMessages(
  random: Random,
  session: Session,
  questions: readonly Question[],
  model: Model,
): Message[] {
  const message = (role: string, content: string, at: number, question: Question | null): Message => ({
    id: random.uuid(),
    session_id: session.id,
    question_id: question?.id ?? null,
    user_id: role === 'user' ? session.user_id : null,
    ordinal: 1,
    role,
    content,
    model: role === 'assistant' ? model.name : null,
    token_count: tokensOf(content),
    metadata: {},
    created_at: at,
    updated_at: at,
  })
  const preamble = `You help to specify a project, in ${session.mode} mode.`
  const exchanged = questions.flatMap((question) => {
    if (question.asked_at === null) return []
    const asked = message('assistant', question.content, question.asked_at, question)
    if (question.answered_at === null || question.answer === null) return [asked]
    return [asked, message('user', question.answer, question.answered_at, question)]
  })
  return [message('system', preamble, session.started_at, null), ...exchanged].map((each, index) => ({
    ...each,
    ordinal: index + 1,
  }))
}

/** About four characters make a token. */
export const tokensOf = (content: string): number => Math.ceil(content.length / 4)
