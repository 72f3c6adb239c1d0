import type pg from 'pg'
import { type Locks, makeLocks } from '../../guard/locks.ts'
import type { Settings } from '../../guard/options.ts'
import type { PoolsOf } from '../../guard/referenced-databases.ts'
import type { PlacedReference } from '../../references/placed.ts'
import { arbitrate } from '../../restrict/arbitrate.ts'
import { makePatience } from '../../restrict/patience.ts'
import type { Holder } from '../../sweep/barrier.ts'
import type { Link } from '../../sweep/link.ts'
import { ReferenceViolation } from '../../violations/reference-violation.ts'
import { type Side, type Step, sideOf } from '../steps.ts'
import { isSession } from './connections.ts'
import { begin } from './native.ts'
import { idOf, statementOf } from './statement.ts'
import type { Actor, RunRequest } from './world.ts'

/** Milliseconds that guard and arbiter wait where sessions wait in a circle, which no database sees. */
const impatience = 250

export interface ApplicationParts {
  readonly session: string
  /** Of the session in its scenario. */
  readonly place: number
  readonly reference: PlacedReference
  readonly link: Link
  /** For its transactions in the referenced and in the referencing database. */
  readonly a: pg.Client
  readonly b: pg.Client
  /** For the arbiter in either. */
  readonly arbiter: pg.Client
  readonly party: pg.Client
  readonly poolsOf: PoolsOf
  readonly settings: Settings
  /** Milliseconds between two looks of a barrier. */
  readonly interval: number
  readonly sweep: (onWait: (holders: readonly Holder[]) => void) => Promise<unknown>
}

/** A delete that the arbiter has let pass, in a transaction that waits for its end. */
interface Arbitrated {
  readonly end: (how: 'COMMIT' | 'ROLLBACK') => void
  readonly ended: Promise<unknown>
}

/**
 * A program that writes to both databases: a transaction in each at most, begun when it is needed. What it writes in the
 * referencing one is held by the guard's locks until that transaction has ended. It commits there first.
 */
export class Application implements Actor {
  readonly #parts: ApplicationParts
  readonly #open = new Set<Side>()
  #run: RunRequest | undefined
  #locks: Locks | undefined
  #arbitrated: Arbitrated | undefined
  #looks = 0

  constructor(parts: ApplicationParts) {
    this.#parts = parts
  }

  start(run: RunRequest): void {
    this.#run = run
  }

  get session(): string {
    return this.#parts.session
  }

  /** How often a barrier has looked in vain for the end of other sessions, during this step. */
  get looks(): number {
    return this.#looks
  }

  async perform(step: Step): Promise<number> {
    this.#looks = 0
    switch (step.verb) {
      case 'commit':
        return await this.#commit()
      case 'roll back':
        return await this.#rollBack()
      case 'sweep':
        await this.#parts.sweep(this.#onWait)
        return 0
      case 'snapshot':
        for (const side of this.#sides()) await this.#begin(side)
        return 0
      case 'insert row':
      case 'move row':
        if (this.#running.scenario.guarded) await this.#hold(step.user)
        return await this.#execute('referencing', step)
      case 'delete user':
        if (this.#parts.reference.onDelete === 'Restrict') return await this.#deleteArbitrated(step)
        return await this.#execute('referenced', step)
      default:
        return await this.#execute(sideOf(step) ?? 'referencing', step)
    }
  }

  async abandon(): Promise<void> {
    await this.#rollBack()
  }

  get #running(): RunRequest {
    if (!this.#run) throw new Error('the session has no run')
    return this.#run
  }

  /** The databases that the session will work in. An arbitrated delete begins when it is decided. */
  #sides(): ReadonlySet<Side> {
    const turns = this.#running.scenario.sessions[this.#parts.session] ?? []
    const isArbitrated = ({ verb }: Step) =>
      verb === 'delete user' && this.#parts.reference.onDelete === 'Restrict'
    const sides = turns
      .flat()
      .filter((step) => !isArbitrated(step))
      .map(sideOf)
    return new Set(sides.filter((side) => side !== null))
  }

  async #begin(side: Side): Promise<pg.Client> {
    const connection = side === 'referenced' ? this.#parts.a : this.#parts.b
    if (this.#open.has(side)) return connection
    await connection.query(begin(this.#running.level))
    this.#open.add(side)
    await connection.query('SELECT 1')
    return connection
  }

  async #execute(side: Side, step: Step): Promise<number> {
    return await this.#query(await this.#begin(side), step)
  }

  async #query(connection: pg.Client, step: Step): Promise<number> {
    const statement = statementOf(step, this.#running, this.#parts.session, 'rows')
    if (!statement) throw new TypeError(`${step.verb} is no statement`)
    return (await connection.query(statement.text, [...statement.values])).rowCount ?? 0
  }

  /** What the guard does before a write. */
  async #hold(user: number): Promise<void> {
    const { reference, poolsOf } = this.#parts
    const value = String(idOf(this.#running, user))
    this.#locks ??= makeLocks(poolsOf, 'inner', this.#settings())
    const missing = await this.#locks.lock([{ reference, value }])
    if (missing.length > 0) throw new ReferenceViolation('missing', { reference, values: [value] })
  }

  #settings(): Settings {
    const { settings } = this.#parts
    return this.#isImpatient() ? { ...settings, lockTimeout: impatience } : settings
  }

  #isImpatient(): boolean {
    return this.#running.scenario.deadlocks && this.#parts.place === 0
  }

  async #deleteArbitrated(step: Step & { readonly user: number }): Promise<number> {
    const { a, arbiter, link, party, reference } = this.#parts
    const { target } = reference
    const request = {
      target: `${target.schema}.${target.table}.${target.column}`,
      ids: [String(idOf(this.#running, step.user))],
    }
    const deleted = Promise.withResolvers<number>()
    const end = Promise.withResolvers<'COMMIT' | 'ROLLBACK'>()
    const remove = async (token: string) => {
      await a.query(begin(this.#running.level))
      try {
        await a.query('SELECT integrity.carry_intent($1::uuid)', [token])
        deleted.resolve(await this.#query(a, step))
        if ((await end.promise) === 'ROLLBACK') throw new RolledBack()
        await a.query('COMMIT')
      } catch (error) {
        await a.query('ROLLBACK')
        throw error
      }
    }
    const timeout = this.#isImpatient() ? impatience : 60_000
    const patience = makePatience({ interval: this.#parts.interval, timeout, onWait: this.#onWait })
    const ended = arbitrate(arbiter, [{ link, b: party }], request, remove, patience).catch((error) => {
      deleted.reject(error)
      if (!(error instanceof RolledBack)) throw error
    })
    ended.catch(() => {})
    const rows = await deleted.promise
    this.#arbitrated = { end: end.resolve, ended }
    return rows
  }

  async #commit(): Promise<number> {
    const { a, b } = this.#parts
    try {
      const gone = (await this.#locks?.confirm()) ?? []
      if (gone.length > 0) throw new Error('the guard’s rows are gone, though nobody cut its connection')
      if (this.#open.delete('referencing')) await b.query('COMMIT')
      if (this.#open.delete('referenced')) await a.query('COMMIT')
      await this.#endArbitrated('COMMIT')
    } finally {
      await this.#letGo()
    }
    return 0
  }

  async #rollBack(): Promise<number> {
    const { a, b } = this.#parts
    if (this.#open.delete('referencing')) await b.query('ROLLBACK')
    if (this.#open.delete('referenced')) await a.query('ROLLBACK')
    await this.#endArbitrated('ROLLBACK')
    await this.#letGo()
    return 0
  }

  async #endArbitrated(how: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    const arbitrated = this.#arbitrated
    this.#arbitrated = undefined
    arbitrated?.end(how)
    await arbitrated?.ended
  }

  /** The guard lets go in the background. Its pool has one connection, so whoever gets that comes after. */
  async #letGo(): Promise<void> {
    if (!this.#locks) return
    this.#locks.end()
    this.#locks = undefined
    const connection = await this.#parts.poolsOf('auth').inner.connect()
    connection.release()
  }

  /** Connections that are just being opened, to whatever database, make a barrier wait for a moment too. */
  readonly #onWait = (holders: readonly Holder[]): void => {
    if (holders.some(({ application }) => isSession(application))) this.#looks++
  }
}

class RolledBack extends Error {}
