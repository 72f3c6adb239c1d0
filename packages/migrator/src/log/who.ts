import { readFileSync } from 'node:fs'
import { hostname, userInfo } from 'node:os'
import { join } from 'node:path'

/** Who migrates, and from where. */
export interface Who {
  /** The operating system's user; undefined where it has no name, as in many containers. */
  readonly user: string | undefined
  readonly host: string
  readonly pid: number
  /** What is checked out at the catalog's root. */
  readonly commit: string | undefined
}

export const whoIs = (root: string): Who => ({
  user: userName(),
  host: hostname(),
  pid: process.pid,
  commit: commitAt(root),
})

function userName(): string | undefined {
  try {
    return userInfo().username
  } catch {
    return undefined
  }
}

/** Reads the commit without starting git; undefined where the root isn't the top of a checkout. */
function commitAt(root: string): string | undefined {
  const head = read(join(root, '.git/HEAD'))
  const ref = /^ref: (.+)$/m.exec(head ?? '')?.[1]
  if (ref === undefined) return hashIn(head)
  return hashIn(read(join(root, '.git', ref))) ?? hashIn(packed(root, ref))
}

const packed = (root: string, ref: string): string | undefined =>
  read(join(root, '.git/packed-refs'))
    ?.split('\n')
    .find((line) => line.endsWith(` ${ref}`))

const hashIn = (text: string | undefined): string | undefined => /^[0-9a-f]{40,64}\b/.exec(text ?? '')?.[0]

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
