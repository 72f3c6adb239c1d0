import { defineTable, type RowOf } from '../copy/table.ts'
import type { Person } from '../world/person.ts'
import type { Random } from '../world/random.ts'
import { day, moment } from '../world/world.ts'
import type { Project } from './projects.ts'

export const projectInvitations = defineTable('project_invitations', {
  id: 'text',
  project_id: 'text',
  invited_by: 'text?',
  accepted_by: 'text?',
  email: 'text',
  permission: 'text',
  status: 'text',
  token_hash: 'text',
  message: 'text?',
  expires_at: 'time',
  responded_at: 'time?',
  created_at: 'time',
  updated_at: 'time',
})

const validity = 14 * day

/** Someone who was asked into a project: a user by now, or an address that never became one. */
export function makeProjectInvitations(
  random: Random,
  project: Project,
  known: readonly Person[],
  until: number,
): RowOf<typeof projectInvitations>[] {
  if (!random.chance(0.25)) return []
  const guest = known.length > 0 && random.chance(0.7) ? random.pick(known) : null
  const sentAt = moment(random, Math.max(project.created_at, guest?.createdAt ?? 0), until)
  const status = statusOf(random, guest !== null, sentAt + validity <= until)
  const answered = status === 'accepted' || status === 'declined'
  const respondedAt = answered ? moment(random, sentAt, Math.min(until, sentAt + validity)) : null
  return [
    {
      id: random.uuid(),
      project_id: project.id,
      invited_by: project.user_id,
      accepted_by: status === 'accepted' ? (guest?.id ?? null) : null,
      email: guest?.email ?? `guest${random.integer(1, 1_000_000)}@example.org`,
      permission: random.pick(['view', 'comment', 'edit']),
      status,
      token_hash: random.digest(),
      message: random.chance(0.3) ? 'Would you have a look at this?' : null,
      expires_at: sentAt + validity,
      responded_at: respondedAt,
      created_at: sentAt,
      updated_at: respondedAt ?? sentAt,
    },
  ]
}

function statusOf(random: Random, isUser: boolean, over: boolean): string {
  if (isUser && random.chance(0.75)) return random.chance(0.9) ? 'accepted' : 'declined'
  if (over) return 'expired'
  return random.chance(0.1) ? 'revoked' : 'pending'
}
