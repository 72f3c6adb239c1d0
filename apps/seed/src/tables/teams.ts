import { defineTable, type RowOf } from '../copy/table.ts'
import type { Person } from '../world/person.ts'
import type { Phrases } from '../world/phrases.ts'
import type { Random } from '../world/random.ts'
import { moment } from '../world/world.ts'

export const teams = defineTable('teams', {
  id: 'text',
  owner_id: 'text',
  name: 'text',
  slug: 'text',
  description: 'text',
  status: 'text',
  settings: 'json',
  archived_at: 'time?',
  created_at: 'time',
  updated_at: 'time',
})

export type Team = RowOf<typeof teams>

/** The team that an owner has founded. */
export function makeTeam(random: Random, phrases: Phrases, owner: Person): Team {
  const company = random.pick(phrases.companies)
  const createdAt = moment(random, owner.createdAt, owner.lastSeenAt)
  const archivedAt = random.chance(0.08) ? moment(random, createdAt, owner.lastSeenAt) : null
  return {
    id: random.uuid(),
    owner_id: owner.id,
    name: company.slice(0, 100),
    slug: `team-${owner.index + 1}`,
    description: `Everyone at ${company}`,
    status: archivedAt === null ? 'active' : 'archived',
    settings: { default_permission: random.pick(['view', 'comment', 'edit']) },
    archived_at: archivedAt,
    created_at: createdAt,
    updated_at: archivedAt ?? createdAt,
  }
}
