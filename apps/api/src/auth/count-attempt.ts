import type { AuthClient } from '@socrates/db-auth'

/** So many wrong passwords in a row lock an account for a while. */
const attemptsBeforeLock = 5
const lockMinutes = 15

/** The account that an attempt to sign in is at. */
export interface Attempt {
  readonly id: string
  readonly hashedPassword: string
  readonly status: string
}

/**
 * Counts an attempt before the password is looked at, in one statement, so that a thousand guesses at once are no more
 * than five; the last of them locks the account in advance, and success unlocks it. Once the time is over, counting
 * begins anew.
 * @returns undefined when there is no such account, or it is locked
 */
export async function countAttempt(auth: AuthClient, email: string): Promise<Attempt | undefined> {
  const rows = await auth.$queryRaw<Attempt[]>`
    UPDATE users
       SET failed_login_attempts = CASE WHEN locked_until IS NULL THEN failed_login_attempts + 1 ELSE 1 END,
           locked_until = CASE WHEN locked_until IS NULL AND failed_login_attempts + 1 >= ${attemptsBeforeLock}
                               THEN now() + make_interval(mins => ${lockMinutes}::int) END
     WHERE email = ${email} AND (locked_until IS NULL OR locked_until <= now())
    RETURNING id::text AS id, hashed_password AS "hashedPassword", status::text AS status`
  return rows[0]
}

/** Forgets the failures, once one has succeeded. */
export async function forgetAttempts(auth: AuthClient, id: string): Promise<void> {
  const data = { failedLoginAttempts: 0, lockedUntil: null, lastLoginAt: new Date() }
  await auth.user.update({ where: { id }, data, select: { id: true } })
}
