import { createHash } from 'node:crypto'
import { errors, jwtVerify, SignJWT } from 'jose'
import type { Caller } from '../access/access.ts'
import type { Settings } from '../settings/settings.ts'

/** Short-lived tokens that say who is signed in (JWT, HS256). */
export interface AccessTokens {
  /** In seconds. */
  readonly lifetime: number
  sign(caller: Caller): Promise<string>
  /** @returns undefined for whatever isn't a token of ours that is still valid */
  verify(token: string): Promise<Caller | undefined>
}

const issuer = 'urn:socrates:api'
const algorithm = 'HS256'

export function makeAccessTokens({
  tokenSecrets,
  accessTokenLifetime: lifetime,
}: Pick<Settings, 'tokenSecrets' | 'accessTokenLifetime'>): AccessTokens {
  const keys = new Map(tokenSecrets.map((secret) => [nameOf(secret), Buffer.from(secret)]))
  const [first] = tokenSecrets
  return {
    lifetime,
    sign: ({ userId, signInId }) =>
      new SignJWT({ sid: signInId })
        .setProtectedHeader({ alg: algorithm, typ: 'at+jwt', kid: nameOf(first) })
        .setSubject(userId)
        .setIssuer(issuer)
        .setAudience(issuer)
        .setIssuedAt()
        .setExpirationTime(`${lifetime}s`)
        .sign(Buffer.from(first)),
    async verify(token) {
      try {
        const expected = { algorithms: [algorithm], typ: 'at+jwt', issuer, audience: issuer }
        const { payload } = await jwtVerify(token, ({ kid = '' }) => keyOf(keys, kid), expected)
        return typeof payload.sub === 'string' && typeof payload.sid === 'string'
          ? { userId: payload.sub, signInId: payload.sid }
          : undefined
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined
        throw error
      }
    },
  }
}

function keyOf(keys: ReadonlyMap<string, Buffer>, kid: string): Buffer {
  const key = keys.get(kid)
  if (!key) throw new errors.JWKSNoMatchingKey()
  return key
}

/** Names a secret without telling it. */
const nameOf = (secret: string): string =>
  createHash('sha256').update(`key id ${secret}`).digest('base64url').slice(0, 12)
