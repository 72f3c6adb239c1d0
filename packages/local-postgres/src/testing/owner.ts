import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { isAlive } from '../process.ts'

/** The process that a temporary server belongs to. */
export interface Owner {
  readonly host: string
  readonly pid: number
  /** When the process started, in clock ticks since boot, where the system says so: numbers come again. */
  readonly started: string
}

export async function thisProcess(): Promise<Owner> {
  return { host: hostname(), pid: process.pid, started: await startOf(process.pid) }
}

/** Whether the owner certainly doesn't run any more; false for one on another machine. */
export async function isGone(owner: Owner): Promise<boolean> {
  if (owner.host !== hostname()) return false
  return !isAlive(owner.pid) || (await startOf(owner.pid)) !== owner.started
}

export function formatOwner({ host, pid, started }: Owner): string {
  return JSON.stringify({ host, pid, started })
}

export function parseOwner(text: string): Owner | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  if (!('host' in value && 'pid' in value && 'started' in value)) return undefined
  const { host, pid, started } = value
  return typeof host === 'string' && typeof pid === 'number' && typeof started === 'string'
    ? { host, pid, started }
    : undefined
}

/** Field 22 of /proc/PID/stat; the second, in parentheses, may itself hold spaces. */
async function startOf(pid: number): Promise<string> {
  if (process.platform !== 'linux') return ''
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}
