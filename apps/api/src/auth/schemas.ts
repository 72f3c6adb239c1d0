import * as z from 'zod'
import { text } from '../openapi/text.ts'

/** An address as the database keeps it: in lower case. */
export const Email = z
  .email()
  .max(320)
  .transform((address) => address.toLowerCase())

export const SignIn = z
  .strictObject({ email: Email, password: text({ min: 1, max: 1024 }) })
  .meta({ id: 'SignIn' })

const RefreshToken = z
  .string()
  .regex(/^[\w-]{43}$/)
  .meta({ description: 'As a sign-in or the last refresh has given it' })

export const Refresh = z.strictObject({ refreshToken: RefreshToken }).meta({ id: 'Refresh' })

export const Tokens = z
  .object({
    tokenType: z.literal('Bearer'),
    accessToken: z.string().meta({ description: 'For the header Authorization' }),
    expiresIn: z.int().meta({ description: 'Seconds for which the access token is valid' }),
    refreshToken: RefreshToken,
    refreshTokenExpiresAt: z.date(),
  })
  .meta({ id: 'Tokens' })
