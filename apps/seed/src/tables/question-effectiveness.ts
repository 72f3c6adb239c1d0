import { defineTable, type RowOf } from '../copy/table.ts'
import type { Random } from '../world/random.ts'
import { cents } from '../world/world.ts'
import type { Question } from './questions.ts'
import type { Specification } from './specifications.ts'

export const questionEffectiveness = defineTable('question_effectiveness', {
  id: 'text',
  question_id: 'text',
  user_id: 'text',
  session_id: 'text?',
  outcome: 'text',
  effectiveness_score: 'number?',
  rating: 'number?',
  response_seconds: 'number?',
  answer_length: 'number',
  specifications_extracted: 'number',
  follow_up_count: 'number',
  evaluated_at: 'time',
  created_at: 'time',
  updated_at: 'time',
})

/** What each question that was answered or skipped has brought out, counted from what was. */
export function makeQuestionEffectiveness(
  random: Random,
  userId: string,
  questions: readonly Question[],
  specifications: readonly Specification[],
): RowOf<typeof questionEffectiveness>[] {
  const extracted = Map.groupBy(specifications, ({ question_id }) => question_id)
  const followed = Map.groupBy(questions, ({ parent_question_id }) => parent_question_id)
  return questions
    .filter(({ status }) => status === 'answered' || status === 'skipped')
    .map((question) => {
      const answered = question.answered_at !== null && question.asked_at !== null
      const seconds = answered
        ? Math.round(((question.answered_at ?? 0) - (question.asked_at ?? 0)) / 1000)
        : null
      const count = extracted.get(question.id)?.length ?? 0
      return {
        id: random.uuid(),
        question_id: question.id,
        user_id: userId,
        session_id: question.session_id,
        outcome: answered ? 'answered' : 'skipped',
        effectiveness_score: answered ? cents(Math.min(100, 40 + 25 * count + random.between(0, 10))) : 0,
        rating: random.chance(0.15) ? random.integer(2, 5) : null,
        response_seconds: seconds,
        answer_length: question.answer?.length ?? 0,
        specifications_extracted: count,
        follow_up_count: followed.get(question.id)?.length ?? 0,
        evaluated_at: question.updated_at,
        created_at: question.updated_at,
        updated_at: question.updated_at,
      }
    })
}
