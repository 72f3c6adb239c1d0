import { analyticsMetrics, makeAnalyticsMetrics } from '../tables/analytics-metrics.ts'
import type { ApiKey } from '../tables/api-keys.ts'
import { conflicts, makeConflicts } from '../tables/conflicts.ts'
import { conversationHistory, makeMessages } from '../tables/conversation-history.ts'
import { llmUsageTracking, makeUsage } from '../tables/llm-usage-tracking.ts'
import type { Project } from '../tables/projects.ts'
import { makeQuestionEffectiveness, questionEffectiveness } from '../tables/question-effectiveness.ts'
import { makeQuestions, questions } from '../tables/questions.ts'
import { makeSessions, sessions } from '../tables/sessions.ts'
import { makeSpecifications, specifications } from '../tables/specifications.ts'
import type { Person } from '../world/person.ts'
import type { Random } from '../world/random.ts'
import type { Model } from '../world/wording.ts'
import type { Made, Put } from './database.ts'

interface Setting {
  readonly person: Person
  readonly project: Project
  readonly model: Model
  readonly keys: readonly ApiKey[]
}

/** A project's sessions: what was asked, answered and specified, and what the models were paid for it. */
export function converse(random: Random, { settings, phrases }: Made, setting: Setting, put: Put) {
  const { person, project, model, keys } = setting
  const held = makeSessions(random, phrases, project, person.activity)
  const asked = held.map((session) => makeQuestions(random, phrases, session))
  const all = asked.flat()
  const specified = makeSpecifications(random, phrases, project, all)
  const disagreeing = makeConflicts(random, phrases, project, specified)
  const messages = held.map((session, index) => makeMessages(random, session, asked[index] ?? [], model))
  put(sessions, held)
  put(questions, all)
  put(specifications, specified)
  put(conflicts, disagreeing)
  put(conversationHistory, messages.flat())
  put(questionEffectiveness, makeQuestionEffectiveness(random, person.id, all, specified))
  put(
    llmUsageTracking,
    held.flatMap((session, index) => makeUsage(random, session, messages[index] ?? [], model, keys)),
  )
  put(analyticsMetrics, makeAnalyticsMetrics(random, project, messages.flat(), settings.until))
  return { sessions: held, specifications: specified, conflicts: disagreeing }
}
