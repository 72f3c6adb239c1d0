import { makeInputs } from '@manybase/app-validation/inputs'
import { UserStatus } from '@socrates/db-auth'
import { models, references } from '@socrates/db-auth/catalog'
import * as z from 'zod'
import { Email } from '../auth/schemas.ts'
import { Id, text } from '../openapi/text.ts'

const inputs = makeInputs({ models, references })

/** Names as the table has them; everything else about an account is set by what happens to it. */
const Names = inputs.User.update.pick({ name: true, surname: true, locale: true, timezone: true })

const Username = z
  .string()
  .min(3)
  .max(64)
  .regex(/^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/)

export const SignUp = z
  .strictObject({
    ...inputs.User.create.pick({ name: true, surname: true }).shape,
    email: Email,
    username: Username,
    password: text({ min: 12, max: 1024 }),
  })
  .meta({ id: 'SignUp' })

export const UserChange = Names.meta({ id: 'UserChange' })

export const User = z
  .object({
    id: Id,
    email: z.string(),
    username: z.string(),
    name: z.string(),
    surname: z.string(),
    status: z.enum(UserStatus),
    locale: z.string(),
    timezone: z.string(),
    createdAt: z.date(),
    updatedAt: z.date(),
  })
  .meta({ id: 'User' })
