import type { Move } from './explore.ts'
import { has, isDeleted, type Protocol, replace, type State, type Writer } from './state.ts'

/** Every writer names user 0. The second may go on with the snapshot that the first exports. */
export const namedUser = 0

/** How a writer's transaction reads: a snapshot for each statement, or one for all of them. */
export type Isolation = 'read committed' | 'repeatable read'

/** What happens in the transactions of the referencing database that write rows. */
export function writerMoves(
  state: State,
  protocol: Protocol,
  isolations: readonly Isolation[],
): readonly Move<State>[] {
  return state.writers.flatMap((writer, index) => {
    const isolation = isolations[index] ?? 'read committed'
    return movesOf(state, protocol, writer, index, isolation).map(({ name, to }) => ({
      name: `writer ${index} ${name}`,
      to: { ...state, writers: replace(state.writers, index, to) },
    }))
  })
}

type WriterMove = Move<Partial<Writer>>

function movesOf(
  state: State,
  { fence }: Protocol,
  { phase, snapshot }: Writer,
  index: number,
  isolation: Isolation,
): readonly WriterMove[] {
  const user = state.deletes[namedUser]
  const sees = isolation === 'read committed' ? state.tombstones : snapshot
  const write = (): WriterMove =>
    fence && has(sees ?? 0, namedUser)
      ? { name: 'is refused by the fence', to: { phase: 'ended', snapshot: null } }
      : { name: 'writes its row', to: { phase: 'wrote' } }
  switch (phase) {
    case 'idle':
      return user && !isDeleted(user) ? [{ name: 'finds the user', to: { phase: 'checked' } }] : []
    case 'checked':
      return [{ name: 'begins', to: { phase: 'open' } }]
    case 'open':
      return isolation === 'read committed' || snapshot !== null ? [write()] : snapshots(state, index)
    case 'wrote':
      return [
        { name: 'commits', to: { phase: 'committed', snapshot: null } },
        { name: 'prepares', to: { phase: 'prepared', snapshot: null } },
        { name: 'rolls back', to: { phase: 'ended', snapshot: null } },
      ]
    case 'prepared':
      return [{ name: 'commits what was prepared', to: { phase: 'committed' } }]
    case 'committed':
    case 'ended':
      return []
  }
}

/** A snapshot can be had of another transaction as long as that one is under way. */
function snapshots({ writers, tombstones }: State, index: number): readonly WriterMove[] {
  const own: WriterMove = { name: 'takes its snapshot', to: { snapshot: tombstones } }
  const exporter = index === 0 ? undefined : writers[0]
  const isUnderWay = exporter?.phase === 'open' || exporter?.phase === 'wrote'
  if (!exporter || !isUnderWay || exporter.snapshot === null) return [own]
  return [own, { name: 'imports the snapshot of writer 0', to: { snapshot: exporter.snapshot } }]
}
