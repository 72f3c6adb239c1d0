import type { Move } from './explore.ts'
import { isDeleted, replace, type State } from './state.ts'

/** What happens in the referenced database. */
export function sourceMoves(state: State): readonly Move<State>[] {
  const { deletes, nextXid } = state
  const moves: Move<State>[] = []
  for (const [user, { phase }] of deletes.entries()) {
    const to = (change: Partial<State['deletes'][number]>, more: Partial<State> = {}) => ({
      ...state,
      deletes: replace(deletes, user, change),
      ...more,
    })
    if (phase === 'idle') {
      moves.push({
        name: `a transaction deletes user ${user}`,
        to: to({ phase: 'active', xid: nextXid }, { nextXid: nextXid + 1 }),
      })
    }
    if (phase === 'active') {
      moves.push({
        name: `the delete of user ${user} commits, not yet durable`,
        to: to({ phase: 'committed' }),
      })
    }
  }
  if (state.crashes > 0) moves.push({ name: 'the source crashes', to: crash(state) })
  return moves
}

/** What wasn't durable has never been, and its xids are given out again. The sweeper loses its connection. */
function crash(state: State): State {
  const deletes = state.deletes.map((one) =>
    one.phase === 'durable' ? one : { phase: 'idle' as const, xid: 0 },
  )
  const { sweeper } = state
  return {
    ...state,
    deletes,
    nextXid: Math.max(state.durableXid, ...deletes.map(({ xid }) => xid)) + 1,
    sweeper: sweeper.intake === 'read' ? { ...sweeper, intake: 'rest', read: 0, horizon: 0 } : sweeper,
    crashes: state.crashes - 1,
  }
}

/** Makes everything durable that has committed, by a commit of one's own. */
export function flush(state: State): State {
  return {
    ...state,
    deletes: state.deletes.map((one) => (isDeleted(one) ? { ...one, phase: 'durable' as const } : one)),
    nextXid: state.nextXid + 1,
    durableXid: state.nextXid,
  }
}
