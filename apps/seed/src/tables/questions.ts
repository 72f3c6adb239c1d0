import { defineTable, type RowOf } from '../copy/table.ts'
import type { Phrases } from '../world/phrases.ts'
import type { Random } from '../world/random.ts'
import { categories, categoryNames } from '../world/wording.ts'
import { cents } from '../world/world.ts'
import type { Session } from './sessions.ts'

export const questions = defineTable('questions', {
  id: 'text',
  project_id: 'text',
  session_id: 'text?',
  parent_question_id: 'text?',
  category: 'text',
  type: 'text',
  status: 'text',
  content: 'text',
  rationale: 'text?',
  options: 'json',
  answer: 'text?',
  priority: 'number',
  quality_score: 'number?',
  asked_at: 'time?',
  answered_at: 'time?',
  created_at: 'time',
  updated_at: 'time',
})

export type Question = RowOf<typeof questions>

/** What is asked in a session, one after the other; what is pending was thought of and not asked. */
export function makeQuestions(random: Random, phrases: Phrases, session: Session): Question[] {
  const count = random.integer(2, 8)
  const length = session.last_message_at - session.started_at
  let before: Question | undefined
  return Array.from({ length: count }, (_, index) => {
    const askedAt = session.started_at + Math.floor((length * index) / count)
    const answeredAt = askedAt + Math.floor((length / count) * random.between(0.1, 0.9))
    before = makeQuestion(random, phrases, session, before, [askedAt, answeredAt])
    return before
  })
}

function makeQuestion(
  random: Random,
  phrases: Phrases,
  session: Session,
  before: Question | undefined,
  [askedAt, answeredAt]: readonly [number, number],
): Question {
  const parent = before?.status === 'answered' && random.chance(0.25) ? before : undefined
  const category = parent ? categoryOf(parent) : random.pick(categoryNames)
  const status = random.weighted([
    ['answered', 0.8],
    ['skipped', 0.08],
    ['asked', 0.07],
    ['pending', 0.05],
  ])
  const type = parent
    ? 'follow_up'
    : random.weighted([
        ['open', 0.7],
        ['single_choice', 0.12],
        ['multiple_choice', 0.08],
        ['confirmation', 0.1],
      ])
  const answered = status === 'answered'
  return {
    id: random.uuid(),
    project_id: session.project_id,
    session_id: session.id,
    parent_question_id: parent?.id ?? null,
    category,
    type,
    status,
    content: random.pick(categories[category]).replace('%', `the ${random.pick(phrases.entities)}`),
    rationale: random.chance(0.5) ? random.pick(phrases.sentences) : null,
    options: type.endsWith('choice') ? [random.pick(phrases.features), random.pick(phrases.features)] : [],
    answer: answered ? random.pick(phrases.sentences) : null,
    priority: random.integer(1, 5),
    quality_score: answered ? cents(random.between(35, 100)) : null,
    asked_at: status === 'pending' ? null : askedAt,
    answered_at: answered ? answeredAt : null,
    created_at: askedAt,
    updated_at: answered ? answeredAt : askedAt,
  }
}

const categoryOf = ({ category }: Question) =>
  categoryNames.find((name) => name === category) ?? 'requirements'
