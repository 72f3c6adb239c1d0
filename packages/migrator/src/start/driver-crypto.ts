import * as crypto from 'node:crypto'
import { promisify } from 'node:util'

// What the driver's password exchange is made of, in the place of pg's own lib/crypto/utils.js, with the same names
// and results. That one goes through Web Crypto, and loading Web Crypto costs a start more than the exchange itself.

export const randomBytes = (length: number): Buffer => crypto.randomBytes(length)

export const md5 = async (data: string | Buffer): Promise<string> => digest('md5', data).toString('hex')

export async function postgresMd5PasswordHash(user: string, password: string, salt: Buffer): Promise<string> {
  const inner = await md5(password + user)
  return `md5${await md5(Buffer.concat([Buffer.from(inner), salt]))}`
}

export const sha256 = async (data: Buffer): Promise<Buffer> => digest('sha256', data)

/** `name` is Web Crypto's, such as `SHA-384`. */
export const hashByName = async (name: string, data: Buffer): Promise<Buffer> =>
  digest(name.replace('-', ''), data)

export const hmacSha256 = async (key: Buffer, message: string): Promise<Buffer> =>
  crypto.createHmac('sha256', key).update(message).digest()

/** PBKDF2 off the main thread, so that two connections derive their keys at once. */
export const deriveKey = async (password: string, salt: Buffer, iterations: number): Promise<Buffer> =>
  await promisify(crypto.pbkdf2)(password, salt, iterations, 32, 'sha256')

const digest = (name: string, data: string | Buffer): Buffer => crypto.createHash(name).update(data).digest()
