import { randomBytes, type ScryptOptions, scrypt, scryptSync, timingSafeEqual } from 'node:crypto'
import { formatPhc, parsePhc, type ScryptHash } from './phc.ts'

/** As OWASP's password storage cheat sheet asks of scrypt: 32 MiB for each of three passes. */
const cost = { ln: 15, r: 8, p: 3 } as const
const [saltBytes, hashBytes] = [16, 32]

type Costs = Pick<ScryptHash, 'ln' | 'r' | 'p'>

/** scrypt needs 128 · N · r bytes; Node refuses more than `maxmem`, and so does what a forged hash may ask for. */
const optionsOf = ({ ln, r, p }: Costs): ScryptOptions => ({ N: 2 ** ln, r, p, maxmem: 64 * 2 ** 20 })

/**
 * A password's hash as a PHC string, made beside the event loop. Slow on purpose.
 * @param password any text; it is normalised (NFKC), so that two keyboards write the same password
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes)
  return formatPhc({ ...cost, salt, hash: await derive(password, { ...cost, salt }, hashBytes) })
}

/**
 * The same with a salt of the caller's and at once, for rows that have to come out the same every time.
 * @param salt 16 bytes
 */
export function hashPasswordSync(password: string, salt: Buffer): string {
  const hash = scryptSync(password.normalize('NFKC'), salt, hashBytes, optionsOf(cost))
  return formatPhc({ ...cost, salt, hash })
}

/** Of nobody's password: what it is compared with must cost what a real one costs. */
const nobodys: ScryptHash = { ...cost, salt: Buffer.alloc(saltBytes), hash: Buffer.alloc(hashBytes) }

/**
 * Whether a password is the one that was hashed, in constant time.
 * @param phc undefined for an account that isn't there: false, after as long a time
 */
export async function verifyPassword(password: string, phc: string | undefined): Promise<boolean> {
  const parsed = phc === undefined ? undefined : parsePhc(phc)
  const expected = parsed ?? nobodys
  const found = await derive(password, expected, expected.hash.length)
  return timingSafeEqual(found, expected.hash) && parsed !== undefined
}

const derive = (password: string, { salt, ...costs }: Costs & { salt: Buffer }, length: number) =>
  new Promise<Buffer>((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, length, optionsOf(costs), (error, key) => {
      if (error) reject(error)
      else resolve(key)
    })
  })
