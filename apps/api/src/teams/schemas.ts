import { TeamStatus } from '@socrates/db-specs'
import * as z from 'zod'
import { teamStandings } from '../access/policy.ts'
import { Id, text } from '../openapi/text.ts'
import { PageQuery, pageOf } from '../pagination/page.ts'

const name = text({ min: 1, max: 100 })
const description = text({ max: 10_000 })
const Slug = z
  .string()
  .min(1)
  .max(63)
  .regex(/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/)
  .meta({ description: 'Name in addresses; no two teams have the same' })

/** Whose it is follows from who asks. */
export const NewTeam = z
  .strictObject({ name, slug: Slug, description: description.exactOptional() })
  .meta({ id: 'NewTeam' })

export const TeamChange = z
  .strictObject({
    name: name.exactOptional(),
    slug: Slug.exactOptional(),
    description: description.exactOptional(),
    status: z.enum(TeamStatus).exactOptional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'There is nothing to change')
  .meta({ id: 'TeamChange', minProperties: 1 })

export const NewOwner = z.strictObject({ userId: Id }).meta({ id: 'NewOwner' })

export const TeamQuery = PageQuery.extend({ status: z.enum(TeamStatus).optional() })

export const Team = z
  .object({
    id: Id,
    ownerId: Id,
    name: z.string(),
    slug: z.string(),
    description: z.string(),
    status: z.enum(TeamStatus),
    archivedAt: z.date().nullable(),
    createdAt: z.date(),
    updatedAt: z.date(),
  })
  .meta({ id: 'Team' })

export const OwnTeam = Team.extend({
  standing: z.enum(teamStandings).meta({ description: 'What the caller is to the team' }),
}).meta({ id: 'OwnTeam' })

export const TeamPage = pageOf(Team).meta({ id: 'TeamPage' })
