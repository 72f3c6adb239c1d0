import { chmodSync, closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { errorCode } from '@manybase/failure'
import { escapeLiteral } from 'pg'
import { passwordsUnusable } from './failures.ts'
import { roleName } from './grant.ts'
import { formatPasswords, generatePasswords, type Passwords, parsePasswords } from './passwords.ts'
import { scramVerifier } from './scram.ts'

export interface PasswordFlags {
  /** A file of `role=password` lines; `-` is standard input. */
  readonly passwords?: string
  /** A file to write such lines to. */
  readonly generatePasswords?: string
}

/** Statements that let the roles log in, and what takes a file back that isn't true after all. */
export interface Logins {
  readonly statements: readonly string[]
  undo(): void
}

/** @throws `roles.passwords-unusable` */
export async function prepareLogins(flags: PasswordFlags, roles: readonly string[]): Promise<Logins> {
  if (flags.generatePasswords !== undefined) {
    const file = flags.generatePasswords
    const passwords = generatePasswords(roles)
    writeSecret(file, formatPasswords(passwords))
    return { statements: statementsFor(passwords), undo: () => rmSync(file, { force: true }) }
  }
  if (flags.passwords === undefined) return { statements: [], undo: () => {} }
  const file = flags.passwords === '-' ? 'standard input' : flags.passwords
  const passwords = parsePasswords(await readSecret(flags.passwords), roles, file)
  return { statements: statementsFor(passwords), undo: () => {} }
}

const statementsFor = (passwords: Passwords): readonly string[] =>
  [...passwords].map(
    ([role, password]) =>
      `ALTER ROLE ${roleName(role)} LOGIN PASSWORD ${escapeLiteral(scramVerifier(password))}`,
  )

async function readSecret(file: string): Promise<string> {
  if (file === '-') return await text(process.stdin)
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw passwordsUnusable({ file, problem: `it can't be read (${errorCode(error) ?? 'unknown'})` }, error)
  }
}

/** Nobody else may read it from its first byte on, and none is written over. */
function writeSecret(file: string, content: string): void {
  try {
    const handle = openSync(file, 'wx', 0o600)
    try {
      chmodSync(file, 0o600)
      writeSync(handle, content)
    } finally {
      closeSync(handle)
    }
  } catch (error) {
    const problem =
      errorCode(error) === 'EEXIST'
        ? 'it exists already'
        : `it can't be written (${errorCode(error) ?? 'unknown'})`
    throw passwordsUnusable({ file, problem }, error)
  }
}
