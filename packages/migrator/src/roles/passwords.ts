import { randomBytes } from 'node:crypto'
import { passwordsUnusable } from './failures.ts'

/** Passwords by role. */
export type Passwords = ReadonlyMap<string, string>

/**
 * Reads `role=password` lines; empty ones and those that begin with `#` say nothing.
 * @param file is named in the failure, which quotes no password
 * @throws `roles.passwords-unusable`
 */
export function parsePasswords(text: string, roles: readonly string[], file: string): Passwords {
  const passwords = new Map<string, string>()
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const fail = (problem: string) => passwordsUnusable({ file, problem: `line ${index + 1} ${problem}` })
    const end = line.indexOf('=')
    const [role, password] = [line.slice(0, end), line.slice(end + 1)]
    if (end < 1) throw fail('is not role=password')
    if (!roles.includes(role)) throw fail('names a role that is not in the catalog')
    if (passwords.has(role)) throw fail('names a role for the second time')
    if (!/^[\x21-\x7e]+$/.test(password)) throw fail('has an empty password, or other characters')
    passwords.set(role, password)
  }
  if (passwords.size === 0) throw passwordsUnusable({ file, problem: 'it has none' })
  return passwords
}

/** Such that they stand in a URL as they are. */
export const generatePasswords = (roles: readonly string[]): Passwords =>
  new Map(roles.map((role) => [role, randomBytes(24).toString('base64url')]))

export const formatPasswords = (passwords: Passwords): string =>
  [...passwords].map(([role, password]) => `${role}=${password}\n`).join('')
