import { defineTable, type RowOf } from '../copy/table.ts'
import type { Person } from '../world/person.ts'
import type { Phrases } from '../world/phrases.ts'
import type { Random } from '../world/random.ts'
import { cents, day, moment } from '../world/world.ts'

export const projects = defineTable('projects', {
  id: 'text',
  user_id: 'text',
  name: 'text',
  description: 'text',
  phase: 'text',
  status: 'text',
  maturity_score: 'number',
  tags: 'list',
  settings: 'json',
  metadata: 'json',
  due_on: 'date?',
  completed_at: 'time?',
  archived_at: 'time?',
  created_at: 'time',
  updated_at: 'time',
})

export type Project = RowOf<typeof projects>

const counts = { idle: [0, 1], casual: [1, 2], active: [2, 4], heavy: [4, 9] } as const
const phases = ['discovery', 'analysis', 'design', 'implementation'] as const
const tags = ['web', 'mobile', 'internal', 'prototype', 'b2b', 'shop', 'reporting', 'integration'] as const

/** What a user has begun; a project's last change is its `updated_at`. */
export function makeProjects(random: Random, phrases: Phrases, person: Person): Project[] {
  const [fewest, most] = counts[person.activity]
  return Array.from({ length: random.integer(fewest, most) }, () => makeProject(random, phrases, person))
}

function makeProject(random: Random, phrases: Phrases, person: Person): Project {
  const createdAt = moment(random, person.createdAt, person.lastSeenAt)
  const updatedAt = moment(random, createdAt, person.lastSeenAt)
  // Most projects are given up early.
  const maturity = cents(100 * random.unit() ** 1.5)
  const phase = phases[Math.min(3, Math.floor(maturity / 25))] ?? 'implementation'
  const status = statusOf(random, maturity)
  return {
    id: random.uuid(),
    user_id: person.id,
    name: `${random.pick(phrases.products)} for ${random.pick(phrases.companies)}`,
    description: random.pick(phrases.paragraphs),
    phase,
    status,
    maturity_score: maturity,
    tags: [...new Set(Array.from({ length: random.integer(0, 3) }, () => random.pick(tags)))],
    settings: { question_style: random.pick(['socratic', 'direct']), language: 'en' },
    metadata: { template: random.pick(['blank', 'saas', 'api']) },
    due_on: random.chance(0.3) ? updatedAt + random.integer(-30, 180) * day : null,
    completed_at: status === 'completed' ? updatedAt : null,
    archived_at: status === 'archived' ? updatedAt : null,
    created_at: createdAt,
    updated_at: updatedAt,
  }
}

function statusOf(random: Random, maturity: number): 'active' | 'paused' | 'completed' | 'archived' {
  if (maturity > 90) return 'completed'
  return random.weighted([
    ['active', 0.65],
    ['paused', 0.2],
    ['archived', 0.15],
  ])
}
