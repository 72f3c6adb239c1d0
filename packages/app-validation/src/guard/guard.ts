import { AsyncLocalStorage } from 'node:async_hooks'
import { errorCode } from '@manybase/failure'
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
import { makeBranches } from './other-branch.ts'
import type { PoolsOf } from './referenced-databases.ts'
import { anotherOperation, interactiveId, type Transaction, transactionOf } from './transactions.ts'

/** One operation as Prisma hands it to a query extension. */
export interface Operation {
  readonly model?: string
  readonly operation: string
  readonly args: unknown
  readonly query: (args: unknown, internalParams?: unknown) => Promise<unknown>
  readonly __internalParams?: unknown
}

/** The guard of one client: what happens around its operations and transactions. */
export class Guard {
  readonly #references: readonly Reference[]
  readonly #collect: ReturnType<typeof makeCollector>
  readonly #branches: ReturnType<typeof makeBranches>
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
    this.#branches = makeBranches({ models, collect: this.#collect })
    this.#poolsOf = poolsOf
    this.#settings = settings
  }

  /** Runs some work with other options than the client's. */
  with<T>(options: CallOptions, work: () => PromiseLike<T>): Promise<T> {
    return this.#calls.run({ ...this.#calls.getStore(), ...options }, async () => await work())
  }

  /** Guards one operation. */
  async operation(guarded: Operation): Promise<unknown> {
    const { model, operation, args, query } = guarded
    const settings = { ...this.#settings, ...this.#calls.getStore() }
    const name = () => (model === undefined ? [] : this.#collect(model, operation, args))
    const named = settings.mode === 'off' ? [] : name()
    try {
      return named.length === 0 ? await query(args) : await this.#guarded(named, settings, guarded)
    } catch (error) {
      throw translateError(this.#references, error, () => (named.length === 0 ? asFarAsKnown(name) : named))
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
        const call = { ...this.#settings, ...this.#calls.getStore() }
        const gone = await this.#missing(call, () => locks.confirm())
        if (gone.length > 0) throw violationOf(gone)()
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

  async #guarded(named: readonly NamedValue[], settings: Settings, guarded: Operation): Promise<unknown> {
    const transaction = transactionOf(guarded.__internalParams)
    const shared = transaction && this.#sharedLocks(transaction)
    const write = async (lookUp: () => Promise<readonly NamedValue[]>) => {
      const missing = await this.#missing(settings, lookUp)
      return missing.length === 0
        ? await guarded.query(guarded.args)
        : await this.#withoutBranches(guarded, missing, transaction)
    }
    // What a transaction that was started around the guard does can't be held until its end.
    if (settings.mode === 'checked' || (transaction && !shared)) {
      const role = transaction?.kind === 'itx' ? 'inner' : 'outer'
      return await write(() => check(this.#poolsOf, role, named))
    }
    const locks = shared ?? makeLocks(this.#poolsOf, 'outer', settings)
    try {
      return await write(() => locks.lock(named))
    } finally {
      if (!shared) locks.end()
    }
  }

  /** Does the write if it need not come to what names nobody. @throws ReferenceViolation */
  async #withoutBranches(
    { model = '', operation, args, query, __internalParams }: Operation,
    missing: readonly NamedValue[],
    transaction: Transaction | undefined,
  ): Promise<unknown> {
    const violation = violationOf(missing)
    // The operations of a batch are sent together: none can be made of two, or judged by its own error.
    if (transaction?.kind === 'batch') throw violation()
    const rest = this.#branches(model, operation, args, missing)
    const run = (other: string, its: unknown) => query(its, anotherOperation(__internalParams, model, other))
    switch (rest.kind) {
      case 'nothing':
        throw violation()
      case 'write':
        try {
          return await run(rest.operation, rest.args)
        } catch (error) {
          throw recordsMissing.has(errorCode(error) ?? '') ? violation(error) : error
        }
      case 'create':
        if ((await run('findUnique', rest.unless)) !== null) throw violation()
        return await run('create', rest.args)
    }
  }

  #sharedLocks(transaction: Transaction): Locks | undefined {
    return transaction.kind === 'itx' ? this.#interactive.get(transaction.id) : this.#batch.getStore()
  }

  /** @returns the values that name no row @throws ReferencedDatabaseUnavailable unless that may pass */
  async #missing(
    settings: Settings,
    lookUp: () => Promise<readonly NamedValue[]>,
  ): Promise<readonly NamedValue[]> {
    try {
      return await lookUp()
    } catch (error) {
      if (settings.onUnavailable === 'refuse' || !mayPass(error)) throw error
      settings.onPassed(error)
      return []
    }
  }
}

/** Past the guard arithmetic may stand on a reference, and hides what is named. */
function asFarAsKnown(name: () => readonly NamedValue[]): readonly NamedValue[] {
  try {
    return name()
  } catch {
    return []
  }
}

/** Prisma's codes where a write depends on a row that isn't there, the first for `connect` to one of many. */
const recordsMissing = new Set(['P2018', 'P2025'])

/** A row that somebody is about to delete is no outage. */
const mayPass = (error: unknown): error is ReferencedDatabaseUnavailable =>
  isReferencedDatabaseUnavailable(error) && error.reason !== 'locked'

/** @param missing at least one */
function violationOf(missing: readonly NamedValue[]): (cause?: unknown) => ReferenceViolation {
  const [first, ...others] = [...Map.groupBy(missing, ({ reference }) => reference)].map(
    ([reference, values]) => ({ reference, values: [...new Set(values.map(({ value }) => value))] }),
  )
  if (!first) throw new TypeError('A violation is of some value.')
  return (cause) => new ReferenceViolation('missing', first, others, cause)
}
