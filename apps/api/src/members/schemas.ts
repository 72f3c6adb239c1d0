import { MembershipStatus, TeamRole } from '@socrates/db-specs'
import * as z from 'zod'
import { Email } from '../auth/schemas.ts'
import { Id } from '../openapi/text.ts'
import { PageQuery, pageOf } from '../pagination/page.ts'
import { Names } from '../users/names.ts'

/** Roles that can be given: the owner's only changes hands. */
const Role = z.enum(TeamRole).exclude(['owner'])
const ByEmail = z.strictObject({ email: Email })
const ById = z.strictObject({ userId: Id })

/** Whom an invitation is for. */
export const Invitee = z.union([ByEmail, ById]).meta({ id: 'Invitee' })
export type Invitee = z.output<typeof Invitee>

export const NewInvitation = z
  .union([ByEmail.extend({ role: Role }), ById.extend({ role: Role })])
  .meta({ id: 'NewInvitation' })

export const MemberChange = z
  .strictObject({
    role: Role.exactOptional(),
    status: z.enum(MembershipStatus).exclude(['invited']).exactOptional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'There is nothing to change')
  .meta({ id: 'MemberChange', minProperties: 1 })
export type MemberChange = z.output<typeof MemberChange>

export const MemberQuery = PageQuery.extend({ role: z.enum(TeamRole).optional() })

export const Member = z
  .object({
    id: Id,
    userId: Id,
    role: z.enum(TeamRole),
    status: z.enum(MembershipStatus),
    invitedBy: Id.nullable(),
    joinedAt: z.date().nullable(),
    names: Names.nullable().meta({ description: 'Null once the account is deleted' }),
  })
  .meta({ id: 'Member' })

export const MemberPage = pageOf(Member).meta({ id: 'MemberPage' })

/** An invitation, to whom it is for. */
const Invitation = z
  .object({
    id: Id,
    team: z.object({ id: Id, name: z.string(), slug: z.string() }),
    role: z.enum(TeamRole),
    invitedBy: Names.nullable(),
    invitedAt: z.date(),
  })
  .meta({ id: 'Invitation' })

export const InvitationPage = pageOf(Invitation).meta({ id: 'InvitationPage' })
