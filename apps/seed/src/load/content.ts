import { Worker } from 'node:worker_threads'
import type { SeededDatabase } from '../databases/database.ts'
import { blocksOf } from '../databases/database.ts'
import type { Settings } from '../world/world.ts'

/** The rows of some users for one table, as COPY takes them. */
export interface Part {
  readonly table: string
  readonly rows: number
  readonly bytes: Uint8Array
}

/** The rows of one database, block by block. */
export interface Content {
  readonly blocks: number
  /** Resolves when the first block is there: the thread has its phrase book and its hashes. */
  started(): Promise<void>
  /** The parts of the next block, referenced tables first; nothing after the last one. */
  next(): Promise<readonly Part[] | undefined>
  close(): Promise<void>
}

/** Blocks that are made ahead: enough that the database never waits, few enough to stay small. */
const ahead = 3

/** Makes the rows in a thread of its own, while others are being sent. */
export function openContent(database: SeededDatabase, settings: Settings): Content {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: { database: database.name, settings },
  })
  const blocks = blocksOf(settings)
  // The thread answers in the order in which it is asked.
  const unanswered: PromiseWithResolvers<readonly Part[]>[] = []
  const ready: Promise<readonly Part[]>[] = []
  let asked = 0
  worker.on('message', (parts: readonly Part[]) => unanswered.shift()?.resolve(parts))
  worker.on('error', (error) => {
    for (const { reject } of unanswered) reject(error)
  })
  const ask = () => {
    while (asked < blocks && ready.length < ahead) {
      const answer = Promise.withResolvers<readonly Part[]>()
      // Whoever takes the block learns of its failure.
      answer.promise.catch(() => {})
      unanswered.push(answer)
      ready.push(answer.promise)
      worker.postMessage(asked++)
    }
  }
  ask()
  return {
    blocks,
    started: async () => {
      await ready[0]
    },
    next: async () => {
      const block = await ready.shift()
      ask()
      return block
    },
    close: async () => {
      await worker.terminate()
    },
  }
}
