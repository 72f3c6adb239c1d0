/** A hash made by scrypt, with all that is needed to make it again. */
export interface ScryptHash {
  /** The base-2 logarithm of N, the number of rounds. */
  readonly ln: number
  readonly r: number
  readonly p: number
  readonly salt: Buffer
  readonly hash: Buffer
}

/**
 * A PHC string, `$scrypt$ln=15,r=8,p=3$SALT$HASH` in base64 without padding:
 * https://github.com/P-H-C/phc-string-format
 */
export const formatPhc = ({ ln, r, p, salt, hash }: ScryptHash): string =>
  `$scrypt$ln=${ln},r=${r},p=${p}$${unpadded(salt)}$${unpadded(hash)}`

/** @returns undefined for what isn't such a string, as an account without a password has it */
export function parsePhc(text: string): ScryptHash | undefined {
  const { ln, r, p, salt, hash } = form.exec(text)?.groups ?? {}
  if (salt === undefined || hash === undefined) return undefined
  const costs = { ln: Number(ln), r: Number(r), p: Number(p) }
  return { ...costs, salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') }
}

const form =
  /^\$scrypt\$ln=(?<ln>\d{1,2}),r=(?<r>\d{1,2}),p=(?<p>\d{1,2})\$(?<salt>[A-Za-z0-9+/]+)\$(?<hash>[A-Za-z0-9+/]{22,})$/

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '')
