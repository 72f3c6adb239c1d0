import { scryptSync } from 'node:crypto'
import { type Settings, streamOf } from './world.ts'

/** What every seeded user signs in with. */
export const seededPassword = 'correct horse battery staple'

/** As OWASP's password storage cheat sheet asks of scrypt: 32 MiB for each of three passes. */
const cost = { ln: 15, r: 8, p: 3 } as const

/**
 * A password's hash as a PHC string, `$scrypt$ln=15,r=8,p=3$SALT$HASH` in base64 without padding.
 * @param salt 16 bytes
 */
export function hashPassword(password: string, salt: Buffer): string {
  const { ln, r, p } = cost
  const hash = scryptSync(password, salt, 32, { N: 2 ** ln, r, p, maxmem: 64 * 2 ** 20 })
  return `$scrypt$ln=${ln},r=${r},p=${p}$${unpadded(salt)}$${unpadded(hash)}`
}

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '')

/** The seeded password under a few salts: hashing is slow on purpose, so users share them. */
export function makeHashes(settings: Settings): readonly string[] {
  const random = streamOf(settings, 'passwords')
  return Array.from({ length: 3 }, () =>
    hashPassword(seededPassword, Buffer.from(random.digest().slice(0, 32), 'hex')),
  )
}
