import { makeInputs } from '@manybase/app-validation/inputs'
import { SharePermission, ShareStatus } from '@socrates/db-specs'
import { models, references } from '@socrates/db-specs/catalog'
import * as z from 'zod'
import { Id } from '../openapi/text.ts'
import { PageQuery, pageOf } from '../pagination/page.ts'
import { Names } from '../users/names.ts'

const { ProjectShare } = makeInputs({ models, references })

const terms = ProjectShare.create.pick({ permission: true, expiresAt: true })

/** With one user, or one team that the caller takes part in. */
export const NewShare = z
  .union([terms.extend({ userId: Id }), terms.extend({ teamId: Id })])
  .meta({ id: 'NewShare' })
export type NewShare = z.output<typeof NewShare>

export const ShareChange = ProjectShare.update
  .pick({ permission: true, expiresAt: true })
  .refine((change) => Object.keys(change).length > 0, 'There is nothing to change')
  .meta({ id: 'ShareChange', minProperties: 1 })
export type ShareChange = z.output<typeof ShareChange>

export const ShareQuery = PageQuery.extend({ status: z.enum(ShareStatus).default('active') })

export const Share = z
  .object({
    id: Id,
    permission: z.enum(SharePermission),
    status: z.enum(ShareStatus),
    expiresAt: z.date().nullable().meta({ description: 'After it the share gives nothing' }),
    revokedAt: z.date().nullable(),
    createdAt: z.date(),
    sharedBy: Id.nullable(),
    user: z
      .object({ id: Id, names: Names.nullable().meta({ description: 'Null once the account is deleted' }) })
      .nullable(),
    team: z.object({ id: Id, name: z.string() }).nullable(),
  })
  .meta({ id: 'Share' })

export const SharePage = pageOf(Share).meta({ id: 'SharePage' })
