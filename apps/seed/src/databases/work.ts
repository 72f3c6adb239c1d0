import { activityLogs, makeActivityLogs } from '../tables/activity-logs.ts'
import { type ApiKey, apiKeys, makeApiKeys } from '../tables/api-keys.ts'
import { invoices, makeInvoices } from '../tables/invoices.ts'
import { makeNotificationPreferences, notificationPreferences } from '../tables/notification-preferences.ts'
import { makeProjects, type Project, projects } from '../tables/projects.ts'
import { makeSubscriptions, subscriptions } from '../tables/subscriptions.ts'
import { makeBehaviorPatterns, userBehaviorPatterns } from '../tables/user-behavior-patterns.ts'
import type { Person } from '../world/person.ts'
import type { Random } from '../world/random.ts'
import { models } from '../world/wording.ts'
import { streamOf } from '../world/world.ts'
import { converse } from './conversations.ts'
import type { Made, Put } from './database.ts'
import { eventsOf } from './events.ts'
import { generate } from './generation.ts'

/** What a user has done alone; says which projects came of it. */
export function workOf(made: Made, person: Person, put: Put): readonly Project[] {
  const { settings, phrases } = made
  const random = streamOf(settings, 'work', person.index)
  const begun = makeProjects(random, phrases, person)
  const keys = makeApiKeys(random, phrases, person, begun)
  const subscribed = makeSubscriptions(random, person, settings.until)
  put(projects, begun)
  put(apiKeys, keys)
  put(subscriptions, subscribed)
  put(
    invoices,
    subscribed.flatMap((subscription) => makeInvoices(random, person, subscription, settings.until)),
  )
  put(userBehaviorPatterns, makeBehaviorPatterns(random, person))
  put(notificationPreferences, makeNotificationPreferences(random, person))
  for (const project of begun) workOn(random, made, person, project, keys, put)
  return begun
}

function workOn(
  random: Random,
  made: Made,
  person: Person,
  project: Project,
  keys: readonly ApiKey[],
  put: Put,
): void {
  const model = random.weighted(models)
  const said = converse(random, made, { person, project, model, keys }, put)
  const generated = generate(random, made, project, model, put)
  put(activityLogs, makeActivityLogs(random, made.phrases, eventsOf(project, { ...said, ...generated })))
}
