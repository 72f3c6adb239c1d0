import type { Level, Move, Order, Scenario, Turn } from './scenario.ts'
import type { Verb } from './steps.ts'

/**
 * Every order of the sessions' turns that can make a difference. To take a snapshot has no effect on others, so of two
 * orders that differ in what it is swapped with, one is enough, unless that is what a snapshot does or doesn't see, or what a
 * barrier waits for.
 */
export function ordersOf({ sessions }: Pick<Scenario, 'sessions'>, level: Level): readonly Order[] {
  const queues = Object.entries(sessions).map(([session, turns]) =>
    turnsAt(level, turns).map((turn): Move => ({ session, turn })),
  )
  return interleave(queues)
    .filter((order) => order.every((move, i) => !isSwapped(order[i - 1], move)))
    .filter((order) => twinsInOrder(order, queues))
}

/** At READ COMMITTED every statement has a snapshot of its own. */
const turnsAt = (level: Level, turns: readonly Turn[]): readonly Turn[] =>
  turns
    .map((turn) => turn.filter(({ verb }) => level !== 'READ COMMITTED' || verb !== 'snapshot'))
    .filter((turn) => turn.length > 0)

function interleave(queues: readonly (readonly Move[])[]): readonly Order[] {
  const open = queues.filter((queue) => queue.length > 0)
  if (open.length === 0) return [[]]
  return open.flatMap((queue) => {
    const [first, ...rest] = queue
    if (!first) return []
    return interleave(open.map((other) => (other === queue ? rest : other))).map((order) => [first, ...order])
  })
}

/** What a snapshot, or the transaction that it begins, is the sooner or later for. */
const noticed: readonly Verb[] = ['commit', 'roll back', 'delete user', 'sweep']

/** A lone snapshot comes before what it can be swapped with, and two of them in the order of their names. */
function isSwapped(before: Move | undefined, move: Move): boolean {
  if (before === undefined || before.session === move.session || !isSnapshot(move)) return false
  if (isSnapshot(before)) return before.session > move.session
  return !before.turn.some(({ verb }) => noticed.includes(verb))
}

/** Of sessions that do the same, the one that is named first also begins. */
function twinsInOrder(order: Order, queues: readonly (readonly Move[])[]): boolean {
  const twins = Map.groupBy(queues, (moves) => JSON.stringify(moves.map(({ turn }) => turn)))
  const begins = ([first]: readonly Move[]) => (first ? order.indexOf(first) : -1)
  return [...twins.values()].every((same) =>
    same.every((moves, i) => i === 0 || begins(same[i - 1] ?? []) < begins(moves)),
  )
}

const isSnapshot = ({ turn }: Move): boolean => turn.every(({ verb }) => verb === 'snapshot')
