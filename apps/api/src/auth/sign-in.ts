import { verifyPassword } from '@manybase/password'
import { Refusal } from '../problems/problem.ts'
import type { Services } from '../services.ts'
import { startBeat } from './beat.ts'
import { countAttempt, forgetAttempts } from './count-attempt.ts'
import { type IssuedToken, issue, type Origin } from './refresh-tokens.ts'

export interface Credentials {
  /** In lower case. */
  readonly email: string
  readonly password: string
}

/**
 * Signs somebody in. Nobody learns by message or time whether there is an account, whether it is locked, or whether only
 * the password was wrong.
 * @throws Refusal `sign-in-refused`
 */
export async function signIn(
  { auth, settings }: Pick<Services, 'auth' | 'settings'>,
  { email, password }: Credentials,
  origin: Origin,
): Promise<{ readonly userId: string; readonly issued: IssuedToken }> {
  const nextBeat = startBeat()
  const account = await countAttempt(auth, email)
  const matches = await verifyPassword(password, account?.hashedPassword)
  if (!account || !matches || account.status !== 'active') {
    await nextBeat()
    throw new Refusal(
      'sign-in-refused',
      'Address and password don’t match, or the account may not sign in now.',
    )
  }
  await forgetAttempts(auth, account.id)
  const expiresAt = new Date(Date.now() + settings.signInLifetime * 1000)
  return { userId: account.id, issued: await issue(auth, { userId: account.id, expiresAt, ...origin }) }
}
