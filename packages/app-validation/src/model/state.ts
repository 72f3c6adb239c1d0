/** The parts of the protocol that can be left out, to see that each is needed. */
export interface Protocol {
  /** Writers are refused that name a tombstone which their snapshot shows. */
  readonly fence: boolean
  /** Nothing is closed before all are gone who could see the time before the tombstone. */
  readonly barrier: boolean
  /** The cursor is an xid below which everything has ended, and not the highest that was seen. */
  readonly horizon: boolean
  /** What was read in the source is made durable before anything is done about it. */
  readonly flush: boolean
  /** The referential actions are taken again behind the barrier. */
  readonly secondPass: boolean
}

export const wholeProtocol: Protocol = {
  fence: true,
  barrier: true,
  horizon: true,
  flush: true,
  secondPass: true,
}

/** Sets of users, writers and tombstones are bits. */
export type Bits = number

/** A transaction of the source that deletes one user. `committed` may still be lost by a crash. */
export interface Delete {
  readonly phase: 'idle' | 'active' | 'committed' | 'durable'
  readonly xid: number
}

/** A transaction of the referencing database that writes one row, for a user that it has looked up before. */
export interface Writer {
  readonly phase: 'idle' | 'checked' | 'open' | 'wrote' | 'prepared' | 'committed' | 'ended'
  /** The tombstones that its snapshot shows; null while it has none. */
  readonly snapshot: Bits | null
  /** Whether the sweep has removed its row. */
  readonly removed: boolean
}

/** What a sweeper knows by heart, and forgets when it dies. */
export interface Sweeper {
  readonly intake: 'rest' | 'read' | 'flushed'
  readonly read: Bits
  readonly horizon: number
  readonly close: 'rest' | 'virtual' | 'snapshots' | 'prepared' | 'sweep' | 'count'
  readonly group: Bits
  readonly awaited: Bits
}

export interface State {
  readonly deletes: readonly Delete[]
  readonly nextXid: number
  /** The highest xid that a crash leaves. */
  readonly durableXid: number
  readonly writers: readonly Writer[]
  readonly cursor: number
  readonly tombstones: Bits
  readonly cleared: Bits
  readonly swept: Bits
  readonly sweeper: Sweeper
  /** How often the source and the sweeper may still crash. */
  readonly crashes: number
  readonly kills: number
}

export const resting: Sweeper = { intake: 'rest', read: 0, horizon: 0, close: 'rest', group: 0, awaited: 0 }

export const has = (bits: Bits, member: number): boolean => (bits & (1 << member)) !== 0

/** The members for which it is so. */
export const bitsOf = <T>(all: readonly T[], isMember: (one: T, index: number) => boolean): Bits =>
  all.reduce((bits, one, index) => (isMember(one, index) ? bits | (1 << index) : bits), 0)

export const replace = <T>(all: readonly T[], index: number, change: Partial<T>): readonly T[] =>
  all.map((one, at) => (at === index ? { ...one, ...change } : one))

export const isDeleted = ({ phase }: Delete): boolean => phase === 'committed' || phase === 'durable'
