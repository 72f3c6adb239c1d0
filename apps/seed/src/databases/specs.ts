import { activityLogs, makeActivityLogs } from '../tables/activity-logs.ts'
import { analyticsMetrics } from '../tables/analytics-metrics.ts'
import { apiKeys } from '../tables/api-keys.ts'
import { conflicts } from '../tables/conflicts.ts'
import { conversationHistory } from '../tables/conversation-history.ts'
import { documentChunks } from '../tables/document-chunks.ts'
import { generatedFiles } from '../tables/generated-files.ts'
import { generatedProjects } from '../tables/generated-projects.ts'
import { invoices } from '../tables/invoices.ts'
import { knowledgeBaseDocuments } from '../tables/knowledge-base-documents.ts'
import { llmUsageTracking } from '../tables/llm-usage-tracking.ts'
import { notificationPreferences } from '../tables/notification-preferences.ts'
import { projectInvitations } from '../tables/project-invitations.ts'
import { projectShares } from '../tables/project-shares.ts'
import { projects } from '../tables/projects.ts'
import { qualityMetrics } from '../tables/quality-metrics.ts'
import { questionEffectiveness } from '../tables/question-effectiveness.ts'
import { questions } from '../tables/questions.ts'
import { sessions } from '../tables/sessions.ts'
import { specifications } from '../tables/specifications.ts'
import { subscriptions } from '../tables/subscriptions.ts'
import { teamMembers } from '../tables/team-members.ts'
import { teams } from '../tables/teams.ts'
import { userBehaviorPatterns } from '../tables/user-behavior-patterns.ts'
import { personAt } from '../world/person.ts'
import { streamOf } from '../world/world.ts'
import { collaborate } from './collaboration.ts'
import type { Made, Put, SeededDatabase } from './database.ts'
import { workOf } from './work.ts'

export const specs: SeededDatabase = {
  name: 'socrates_specs',
  tables: [
    projects,
    teams,
    apiKeys,
    subscriptions,
    sessions,
    questions,
    specifications,
    conversationHistory,
    conflicts,
    generatedProjects,
    generatedFiles,
    qualityMetrics,
    userBehaviorPatterns,
    questionEffectiveness,
    knowledgeBaseDocuments,
    documentChunks,
    teamMembers,
    projectShares,
    projectInvitations,
    llmUsageTracking,
    invoices,
    analyticsMetrics,
    notificationPreferences,
    activityLogs,
  ],
  makeBlock,
}

/** Users who signed up one after the other and may have found a team: a divisor of the block's size. */
const circleSize = 8

function makeBlock(made: Made, first: number, end: number, put: Put): void {
  const { settings, phrases } = made
  for (let start = first; start < end; start += circleSize) {
    const length = Math.min(circleSize, end - start)
    const circle = Array.from({ length }, (_, offset) => personAt(settings, phrases, start + offset))
    const owned = circle.map((person) => workOf(made, person, put))
    const random = streamOf(settings, 'team', start)
    const events = collaborate(random, made, circle, owned, put)
    put(activityLogs, makeActivityLogs(random, phrases, events))
  }
}
