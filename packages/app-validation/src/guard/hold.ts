import type { Pool, PoolClient } from 'pg'
import type { NamedValue } from '../violations/named-value.ts'
import { findMissing, type Send } from './ask.ts'
import { sendOn } from './pool.ts'
import { isUnreadableValue, unavailableReason } from './trouble.ts'

interface Request {
  readonly named: readonly NamedValue[]
  readonly resolve: (missing: readonly NamedValue[]) => void
  readonly reject: (error: unknown) => void
}

/**
 * One transaction in a referenced database, which holds the rows that a write in the referencing one names until that
 * has been committed. It takes its connection with the first value. Whatever asks in the same moment shares a message.
 */
export class Hold {
  readonly #pool: Pool
  readonly #begin: readonly string[]
  #client: PoolClient | undefined
  #send: Send | undefined
  #isOpen = false
  #lost: unknown
  #isOver = false
  #held: NamedValue[] = []
  #gone: readonly NamedValue[] = []
  #queue: Request[] = []
  #working: Promise<void> = Promise.resolve()

  /** @param begin the statements that open the transaction */
  constructor(pool: Pool, begin: readonly string[]) {
    this.#pool = pool
    this.#begin = begin
  }

  /** Whether any row is to be held. */
  get isUsed(): boolean {
    return this.#held.length > 0
  }

  /**
   * Locks the rows that are named.
   * @returns the values that name none
   */
  lock(named: readonly NamedValue[]): Promise<readonly NamedValue[]> {
    if (this.#isOver) return Promise.reject(new Error('The transaction that this write belongs to is over.'))
    const { promise, resolve, reject } = Promise.withResolvers<readonly NamedValue[]>()
    this.#queue.push({ named, resolve, reject })
    if (this.#queue.length === 1) this.#working = this.#working.then(() => this.#answer())
    return promise
  }

  /**
   * Makes sure that all rows are still held, right before the write is committed.
   * @returns the values whose rows are gone, after an error had let go of them
   */
  async confirm(): Promise<readonly NamedValue[]> {
    await this.#working
    if (!this.isUsed) return []
    if (this.#lost !== undefined) throw this.#lost
    if (this.#isOpen) await this.#send?.(['SELECT'])
    else await this.#lockAll([])
    return this.#gone
  }

  /** Lets the rows go. Nothing waits for it: the write is committed, or never will be. */
  end(): void {
    this.#isOver = true
    void this.#working.then(() => this.#close())
  }

  async #answer(): Promise<void> {
    const requests = this.#queue
    this.#queue = []
    try {
      const missing = new Set(await this.#lockAll(requests.flatMap(({ named }) => named)))
      for (const { named, resolve } of requests) resolve(named.filter((one) => missing.has(one)))
    } catch (error) {
      if (requests.length > 1 && isUnreadableValue(error)) await this.#answerOneByOne(requests)
      else for (const { reject } of requests) reject(error)
    }
  }

  /** What one write names can't be read: the others are not to go unchecked for that. */
  async #answerOneByOne(requests: readonly Request[]): Promise<void> {
    for (const { named, resolve, reject } of requests) await this.#lockAll(named).then(resolve, reject)
  }

  /** An error ends the transaction in the referenced database, so the next lock takes those before it again. */
  async #lockAll(named: readonly NamedValue[]): Promise<readonly NamedValue[]> {
    if (this.#lost !== undefined) throw this.#lost
    const send = await this.#connect()
    try {
      const missing = this.#isOpen
        ? await findMissing(send, named, { lock: true })
        : await findMissing(send, [...this.#held, ...named], { lock: true, before: this.#begin })
      if (!this.#isOpen) this.#gone = this.#held.filter((one) => missing.includes(one))
      this.#isOpen = true
      this.#held.push(...named.filter((one) => !missing.includes(one)))
      return missing
    } catch (error) {
      this.#isOpen = false
      if (['unreachable', 'slow'].includes(unavailableReason(error) ?? '')) this.#lost = error
      else await this.#rollBack(send)
      throw error
    }
  }

  async #connect(): Promise<Send> {
    if (this.#send) return this.#send
    this.#client = await this.#pool.connect()
    this.#client.on('error', this.#onLost)
    this.#send = sendOn(this.#client)
    return this.#send
  }

  async #rollBack(send: Send): Promise<void> {
    try {
      await send(['ROLLBACK'])
    } catch (error) {
      this.#lost = error
    }
  }

  readonly #onLost = (error: Error): void => {
    this.#lost = error
  }

  async #close(): Promise<void> {
    const client = this.#client
    if (!client) return
    try {
      if (this.#isOpen && this.#lost === undefined) await this.#send?.(['COMMIT'])
    } catch (error) {
      this.#lost = error
    }
    client.off('error', this.#onLost)
    client.release(this.#lost !== undefined)
  }
}
