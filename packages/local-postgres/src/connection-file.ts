import { randomBytes } from 'node:crypto'
import { constants, copyFile, link, rename, rm, writeFile } from 'node:fs/promises'
import { hasCode, readIfExists } from './files.ts'
import type { Home } from './home.ts'

/** How to reach the server, kept between starts. */
export interface Connection {
  readonly user: string
  readonly password: string
  /** The port of the last start, and the first to be tried by the next. */
  readonly port: number
  /** The release that was started last. */
  readonly version: string
}

/** @returns undefined when the file is missing or damaged. */
export async function readConnection(home: Home): Promise<Connection | undefined> {
  const text = await readIfExists(home.connection)
  if (text === undefined) return undefined
  try {
    const parsed: unknown = JSON.parse(text)
    return isConnection(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}

/**
 * Creates the file unless it exists. Of several processes that do this at once exactly one wins, and all get
 * the winner's password.
 */
export async function ensureConnection(
  home: Home,
  first: { readonly port: number; readonly version: string },
): Promise<Connection> {
  const existing = await readConnection(home)
  if (existing) return existing
  // The file appears complete, so what is there and can't be read is damaged.
  await rm(home.connection, { force: true })
  const password = randomBytes(18).toString('base64url')
  const draft = await writeDraft(home, { user: 'postgres', password, ...first })
  try {
    await createFrom(draft, home.connection)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  } finally {
    await rm(draft, { force: true })
  }
  const winner = await readConnection(home)
  if (!winner) throw new Error(`unreadable connection file: ${home.connection}`)
  return winner
}

export async function saveConnection(home: Home, connection: Connection): Promise<void> {
  const draft = await writeDraft(home, connection)
  await rename(draft, home.connection)
}

async function writeDraft(home: Home, connection: Connection): Promise<string> {
  const draft = `${home.connection}.${process.pid}-${randomBytes(4).toString('hex')}`
  await writeFile(draft, `${JSON.stringify(connection, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
  return draft
}

/** A link appears at once with its whole content; file systems without links get the next best thing. */
async function createFrom(draft: string, file: string): Promise<void> {
  try {
    await link(draft, file)
  } catch (error) {
    if (hasCode(error, 'EEXIST')) throw error
    await copyFile(draft, file, constants.COPYFILE_EXCL)
  }
}

function isConnection(value: unknown): value is Connection {
  if (typeof value !== 'object' || value === null) return false
  if (!('user' in value && 'password' in value && 'port' in value && 'version' in value)) return false
  const { user, password, port, version } = value
  return (
    typeof user === 'string' &&
    typeof password === 'string' &&
    Number.isSafeInteger(port) &&
    typeof version === 'string'
  )
}
