import { type Exploration, explore } from './explore.ts'
import { sourceMoves } from './source.ts'
import { bitsOf, isDeleted, type Protocol, resting, type State } from './state.ts'
import { rowsOf, sweeperMoves } from './sweeper.ts'
import { type Isolation, namedUser, writerMoves } from './writers.ts'

/** How much happens at most. */
export interface Scope {
  /** One writer each. */
  readonly isolations: readonly Isolation[]
  readonly users: number
  readonly crashes: number
  readonly kills: number
}

/**
 * Explores every interleaving of transactions that delete users in the source, writers that have looked a user up
 * before and name it later, a sweeper, and crashes. It holds that
 * 1. from the receipt on no row names the deleted user;
 * 2. when nothing more can happen, no row names a user that is deleted;
 * 3. and no row is gone that names a user who lives.
 */
export function exploreProtocol(protocol: Protocol, scope: Scope): Exploration {
  const initial: State = {
    deletes: Array.from({ length: scope.users }, () => ({ phase: 'idle', xid: 0 })),
    nextXid: 1,
    durableXid: 0,
    writers: scope.isolations.map(() => ({ phase: 'idle', snapshot: null, removed: false })),
    cursor: 0,
    tombstones: 0,
    cleared: 0,
    swept: 0,
    sweeper: resting,
    crashes: scope.crashes,
    kills: scope.kills,
  }
  return explore({
    initial,
    moves: (state) => [
      ...sourceMoves(state),
      ...writerMoves(state, protocol, scope.isolations),
      ...sweeperMoves(state, protocol),
    ],
    check,
  })
}

function check(state: State, isEnd: boolean): string | undefined {
  if (rowsOf(state, state.swept)) return 'a row names a user whose receipt is written'
  const deleted = bitsOf(state.deletes, isDeleted)
  if (isEnd && rowsOf(state, deleted)) return 'a row names a deleted user, and nothing will remove it'
  const lives = (deleted & (1 << namedUser)) === 0 && state.deletes[namedUser]?.phase !== 'active'
  if (lives && state.writers.some(({ removed }) => removed)) return 'a row is gone that names a living user'
  return undefined
}
