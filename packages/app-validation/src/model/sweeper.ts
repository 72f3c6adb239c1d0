import type { Move } from './explore.ts'
import { flush } from './source.ts'
import {
  type Bits,
  bitsOf,
  has,
  isDeleted,
  type Protocol,
  resting,
  type State,
  type Sweeper,
  type Writer,
} from './state.ts'
import { namedUser } from './writers.ts'

/** What a sweeper does next, in each of its two loops; and that it may die at any point. */
export function sweeperMoves(state: State, protocol: Protocol): readonly Move<State>[] {
  const moves = [...intakeMoves(state, protocol), ...clearMoves(state), ...closeMoves(state, protocol)]
  if (state.kills === 0 || moves.length === 0) return moves
  return [
    ...moves,
    { name: 'the sweeper is killed', to: { ...state, sweeper: resting, kills: state.kills - 1 } },
  ]
}

const withSweeper = (state: State, change: Partial<Sweeper>): State => ({
  ...state,
  sweeper: { ...state.sweeper, ...change },
})

function intakeMoves(state: State, protocol: Protocol): readonly Move<State>[] {
  const { sweeper, tombstones } = state
  switch (sweeper.intake) {
    case 'rest': {
      const read = unread(state)
      if ((read & ~tombstones) === 0) return []
      const horizon = protocol.horizon ? lowestUnderWay(state) : highestSeen(state) + 1
      return [
        { name: 'the sweeper reads the log', to: withSweeper(state, { intake: 'read', read, horizon }) },
      ]
    }
    case 'read': {
      const to = protocol.flush ? flush(state) : state
      return [{ name: 'the sweeper flushes the source', to: withSweeper(to, { intake: 'flushed' }) }]
    }
    case 'flushed': {
      const buried = {
        ...state,
        tombstones: tombstones | sweeper.read,
        cursor: Math.max(state.cursor, sweeper.horizon),
      }
      return [
        {
          name: 'the tombstones are committed',
          to: withSweeper(buried, { intake: 'rest', read: 0, horizon: 0 }),
        },
      ]
    }
  }
}

const unread = ({ deletes, cursor }: State): Bits =>
  bitsOf(deletes, (one) => isDeleted(one) && one.xid >= cursor)

const lowestUnderWay = ({ deletes, nextXid }: State): number =>
  Math.min(nextXid, ...deletes.flatMap(({ phase, xid }) => (phase === 'active' ? [xid] : [])))

const highestSeen = ({ deletes }: State): number =>
  Math.max(0, ...deletes.filter(isDeleted).map(({ xid }) => xid))

function clearMoves(state: State): readonly Move<State>[] {
  const uncleared = state.tombstones & ~state.cleared
  if (uncleared === 0) return []
  return [
    {
      name: 'the first pass clears',
      to: { ...removeRows(state, uncleared), cleared: state.cleared | uncleared },
    },
  ]
}

function closeMoves(state: State, protocol: Protocol): readonly Move<State>[] {
  const { sweeper, writers } = state
  const go = (name: string, change: Partial<Sweeper>, from = state): readonly Move<State>[] => [
    { name, to: withSweeper(from, change) },
  ]
  switch (sweeper.close) {
    case 'rest': {
      // Cleared or not: where nobody is in the way, the first pass is the last.
      const group = state.tombstones & ~state.swept
      if (group === 0) return []
      if (!protocol.barrier) return go('no barrier is waited for', { close: 'sweep', group })
      const awaited = bitsOf(writers, ({ phase }) => isUnderWay(phase))
      return go('the barrier notes who is under way', { close: 'virtual', group, awaited })
    }
    case 'virtual':
      if (writers.some(({ phase }, index) => has(sweeper.awaited, index) && isUnderWay(phase))) return []
      return go('those under way are through', { close: 'snapshots', awaited: 0 })
    case 'snapshots':
      if (writers.some(({ snapshot }) => snapshot !== null && (snapshot & sweeper.group) !== sweeper.group)) {
        return []
      }
      return go('no old snapshot is left, and the barrier notes who is prepared', {
        close: 'prepared',
        awaited: bitsOf(writers, ({ phase }) => phase === 'prepared'),
      })
    case 'prepared':
      if (writers.some(({ phase }, index) => has(sweeper.awaited, index) && phase === 'prepared')) return []
      return go('the prepared are through', { close: 'sweep', awaited: 0 })
    case 'sweep': {
      const swept = protocol.secondPass ? removeRows(state, sweeper.group) : state
      return go('the second pass clears', { close: 'count' }, swept)
    }
    case 'count': {
      if (rowsOf(state, sweeper.group)) return []
      const closed = { ...state, swept: state.swept | sweeper.group }
      return go('none is left, and the receipt is written', { close: 'rest', group: 0 }, closed)
    }
  }
}

const isUnderWay = (phase: Writer['phase']): boolean => phase === 'open' || phase === 'wrote'

/** Removes the rows that are committed by now and name one of these users. */
const removeRows = (state: State, users: Bits): State => ({
  ...state,
  writers: has(users, namedUser)
    ? state.writers.map((writer) => (writer.phase === 'committed' ? { ...writer, removed: true } : writer))
    : state.writers,
})

/** Whether a committed row names one of these users. */
export const rowsOf = ({ writers }: State, users: Bits): boolean =>
  has(users, namedUser) && writers.some(({ phase, removed }) => phase === 'committed' && !removed)
