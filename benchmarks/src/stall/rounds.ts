import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { excerpt } from '../excerpt.ts'
import { runFailed } from '../failures.ts'
import { type Command, measure } from '../measure.ts'
import type { Project } from './project.ts'
import { connect, type Seen, underTraffic } from './traffic.ts'

export const tools = ['ours', 'prisma'] as const
export type Tool = (typeof tools)[number]

/** How long the table's lock is held on to after a tool has begun to wait for it, in milliseconds. */
export const heldFor = 6000

/** What one alteration under load came to. */
export interface Run extends Seen {
  /** How long the tool took, in milliseconds. */
  readonly milliseconds: number
}

export interface Place {
  readonly folder: string
  readonly url: string
  readonly project: Project
  /** Makes the database anew. */
  recreate(): Promise<void>
}

/**
 * A table with traffic, a transaction that has read it and stays open, and a tool that alters it: the tool waits
 * for the transaction, and the traffic for the tool.
 */
export async function alterUnderLoad(tool: Tool, place: Place): Promise<Run> {
  const { folder, url, project } = place
  await place.recreate()
  await ranWell('db upgrade', project.lay, folder)
  const holder = await connect(url)
  try {
    await holder.query('BEGIN; SELECT count(*) FROM busy')
    let milliseconds = 0
    const seen = await underTraffic(url, async () => {
      const altering = ranWell(tool, project[tool], folder)
      await release(holder, url, altering)
      milliseconds = await altering
    })
    return { ...seen, milliseconds }
  } finally {
    await holder.end()
  }
}

/** Ends the transaction that long after something has begun to wait for the table; at once when nothing will. */
async function release(holder: Client, url: string, altering: Promise<unknown>): Promise<void> {
  const watch = await connect(url)
  const over = altering.then(
    () => true,
    () => true,
  )
  try {
    while (!(await isWaitedFor(watch))) if (await Promise.race([over, sleep(10, false)])) return
    await Promise.race([over, sleep(heldFor)])
  } finally {
    await holder.query('COMMIT')
    await watch.end()
  }
}

async function isWaitedFor(client: Client): Promise<boolean> {
  const { rows } = await client.query(
    `SELECT FROM pg_locks WHERE relation = 'busy'::regclass AND mode = 'AccessExclusiveLock' AND NOT granted`,
  )
  return rows.length > 0
}

async function ranWell(name: string, command: Command, folder: string): Promise<number> {
  const { exitCode, milliseconds, output } = await measure(command, folder)
  if (exitCode === 0) return milliseconds
  throw runFailed({ contestant: name, exitCode, said: excerpt(output) })
}
