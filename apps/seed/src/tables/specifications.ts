import { defineTable, type RowOf } from '../copy/table.ts'
import type { Phrases } from '../world/phrases.ts'
import type { Random } from '../world/random.ts'
import { moment } from '../world/world.ts'
import type { Project } from './projects.ts'
import type { Question } from './questions.ts'

export const specifications = defineTable('specifications', {
  id: 'text',
  project_id: 'text',
  session_id: 'text?',
  question_id: 'text?',
  superseded_by_id: 'text?',
  confirmed_by: 'text?',
  category: 'text',
  key: 'text',
  value: 'text',
  version: 'number',
  source: 'text',
  status: 'text',
  confidence: 'number',
  data: 'json',
  metadata: 'json',
  confirmed_at: 'time?',
  created_at: 'time',
  updated_at: 'time',
})

export type Specification = RowOf<typeof specifications>

/** What the answers of a project say; a specification that was revised is superseded by its next version. */
export function makeSpecifications(
  random: Random,
  phrases: Phrases,
  project: Project,
  questions: readonly Question[],
): Specification[] {
  let ordinal = 0
  return questions.flatMap((question) => {
    if (question.answered_at === null || random.chance(0.2)) return []
    const key = `${question.category}.${++ordinal}`
    const first = makeSpecification(random, phrases, { project, question, key }, question.answered_at)
    if (!random.chance(0.1)) return [first]
    const revisedAt = moment(random, first.updated_at, project.updated_at)
    const second = makeSpecification(random, phrases, { project, question, key }, revisedAt)
    return [
      { ...first, status: 'superseded', superseded_by_id: second.id, updated_at: revisedAt },
      { ...second, version: 2 },
    ]
  })
}

interface Origin {
  readonly project: Project
  readonly question: Question
  readonly key: string
}

function makeSpecification(
  random: Random,
  phrases: Phrases,
  { project, question, key }: Origin,
  createdAt: number,
): Specification {
  const status = random.weighted([
    ['draft', 0.35],
    ['confirmed', 0.58],
    ['rejected', 0.07],
  ])
  const confirmedAt = status === 'confirmed' ? moment(random, createdAt, project.updated_at) : null
  return {
    id: random.uuid(),
    project_id: project.id,
    session_id: question.session_id,
    question_id: question.id,
    superseded_by_id: null,
    confirmed_by: confirmedAt === null ? null : project.user_id,
    category: question.category,
    key,
    value: `It must ${random.pick(phrases.features)}.`,
    version: 1,
    source: random.weighted([
      ['extracted', 0.7],
      ['user_input', 0.15],
      ['inferred', 0.12],
      ['imported', 0.03],
    ]),
    status,
    confidence: Math.round(random.between(0.4, 1) * 1000) / 1000,
    data: { importance: random.pick(['must', 'should', 'could']) },
    metadata: {},
    confirmed_at: confirmedAt,
    created_at: createdAt,
    updated_at: confirmedAt ?? createdAt,
  }
}
