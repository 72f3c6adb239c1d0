import { AsyncLocalStorage } from 'node:async_hooks'
import type { DatabaseDescription } from '../databases/database.ts'
import type { Reference } from '../references/reference.ts'
import type { NamedValue } from '../violations/named-value.ts'
import { ReferenceViolation } from '../violations/reference-violation.ts'
import {
  isReferencedDatabaseUnavailable,
  type ReferencedDatabaseUnavailable,
} from '../violations/referenced-database-unavailable.ts'
import { translateError } from '../violations/translate.ts'
import { makeCollector } from './collect.ts'
import { check, type Locks, makeLocks } from './locks.ts'
import type { CallOptions, Settings } from './options.ts'
import type { PoolsOf } from './referenced-databases.ts'
import { interactiveId, type Transaction, transactionOf } from './transactions.ts'

/** One operation as Prisma hands it to a query extension. */
export interface Operation {
  readonly model?: string
  readonly operation: string
  readonly args: unknown
  readonly query: (args: unknown) => Promise<unknown>
  readonly __internalParams?: unknown
}

/** The guard of one client: what happens around its operations and transactions. */
export class Guard {
  readonly #references: readonly Reference[]
  readonly #collect: ReturnType<typeof makeCollector>
  readonly #poolsOf: PoolsOf
  readonly #settings: Settings
  readonly #calls = new AsyncLocalStorage<CallOptions>()
  readonly #interactive = new Map<string, Locks>()
  readonly #batch = new AsyncLocalStorage<Locks>()

  constructor(
    { references, models }: Pick<DatabaseDescription, 'references' | 'models'>,
    poolsOf: PoolsOf,
    settings: Settings,
  ) {
    this.#references = references
    this.#collect = makeCollector(references, models)
    this.#poolsOf = poolsOf
    this.#settings = settings
  }

  /** Runs some work with other options than the client's. */
  with<T>(options: CallOptions, work: () => PromiseLike<T>): Promise<T> {
    return this.#calls.run({ ...this.#calls.getStore(), ...options }, async () => await work())
  }

  /** Guards one operation. */
  async operation({ model, operation, args, query, __internalParams }: Operation): Promise<unknown> {
    const settings = { ...this.#settings, ...this.#calls.getStore() }
    const isGuarded = model !== undefined && settings.mode !== 'off'
    const named = isGuarded ? this.#collect(model, operation, args) : []
    try {
      return named.length === 0
        ? await query(args)
        : await this.#guarded(named, settings, __internalParams, () => query(args))
    } catch (error) {
      throw translateError(this.#references, error, named)
    }
  }

  /**
   * Guards an interactive transaction: what its writes lock is held until it has been committed.
   * @param run starts the transaction, with work in place of the caller's
   */
  async interactive(
    work: (client: unknown) => unknown,
    run: (work: (client: unknown) => Promise<unknown>) => Promise<unknown>,
  ): Promise<unknown> {
    let own: string | undefined
    try {
      return await run(async (client) => {
        const id = interactiveId(client)
        // A transaction inside a transaction is a savepoint of it, and holds what that holds.
        if (this.#interactive.has(id)) return work(client)
        own = id
        const locks = makeLocks(this.#poolsOf, 'inner', this.#settings)
        this.#interactive.set(id, locks)
        const result = await work(client)
        await this.#attempt({ ...this.#settings, ...this.#calls.getStore() }, () => locks.confirm())
        return result
      })
    } finally {
      if (own !== undefined) {
        this.#interactive.get(own)?.end()
        this.#interactive.delete(own)
      }
    }
  }

  /**
   * Guards a batch: one transaction holds what all its writes name, until it is committed.
   * @param run starts the batch; Prisma starts its operations before that returns
   */
  async batch(run: () => Promise<unknown>): Promise<unknown> {
    const locks = makeLocks(this.#poolsOf, 'outer', this.#settings)
    try {
      return await this.#batch.run(locks, run)
    } finally {
      locks.end()
    }
  }

  async #guarded(
    named: readonly NamedValue[],
    settings: Settings,
    internalParams: unknown,
    write: () => Promise<unknown>,
  ): Promise<unknown> {
    const transaction = transactionOf(internalParams)
    const shared = transaction && this.#sharedLocks(transaction)
    // What a transaction that was started around the guard does can't be held until its end.
    if (settings.mode === 'checked' || (transaction && !shared)) {
      const role = transaction?.kind === 'itx' ? 'inner' : 'outer'
      await this.#attempt(settings, () => check(this.#poolsOf, role, named))
      return write()
    }
    const locks = shared ?? makeLocks(this.#poolsOf, 'outer', settings)
    try {
      await this.#attempt(settings, () => locks.lock(named))
      return await write()
    } finally {
      if (!shared) locks.end()
    }
  }

  #sharedLocks(transaction: Transaction): Locks | undefined {
    return transaction.kind === 'itx' ? this.#interactive.get(transaction.id) : this.#batch.getStore()
  }

  /** @throws ReferenceViolation for what is missing, ReferencedDatabaseUnavailable unless that may pass */
  async #attempt(settings: Settings, lookUp: () => Promise<readonly NamedValue[]>): Promise<void> {
    try {
      refuse(await lookUp())
    } catch (error) {
      if (settings.onUnavailable === 'refuse' || !mayPass(error)) throw error
      settings.onPassed(error)
    }
  }
}

/** A row that somebody is about to delete is no outage. */
const mayPass = (error: unknown): error is ReferencedDatabaseUnavailable =>
  isReferencedDatabaseUnavailable(error) && error.reason !== 'locked'

/** @throws ReferenceViolation */
function refuse(missing: readonly NamedValue[]): void {
  const [first, ...others] = [...Map.groupBy(missing, ({ reference }) => reference)].map(
    ([reference, values]) => ({ reference, values: [...new Set(values.map(({ value }) => value))] }),
  )
  if (first) throw new ReferenceViolation('missing', first, others)
}
