import type { Contents, Outcome, Run } from './outcome.ts'
import type { Action, Order, Scenario } from './scenario.ts'
import type { Step } from './steps.ts'

/**
 * What has to be there in the end, worked out from nothing but what each session was told: the writes of those that were
 * committed, in the order of their commits, and then the referential action. So no row names somebody who isn't there, and
 * none is gone or emptied whose user lives.
 */
export function expectedContents(
  { users, rows }: Pick<Scenario, 'users' | 'rows'>,
  action: Action,
  order: Order,
  { outcomes }: Pick<Run, 'outcomes'>,
): Contents {
  const living = new Set(users)
  const named = new Map<string, number>(Object.entries(rows))
  for (const { session, step } of committed(order, outcomes)) apply(step, session, living, named)
  const kept = [...named].flatMap(([row, user]): readonly (readonly [string, number | null])[] => {
    if (living.has(user)) return [[row, user]]
    if (action === 'Restrict') throw new Error(`${row} names a user who was deleted in spite of it`)
    return action === 'SetNull' ? [[row, null]] : []
  })
  return {
    users: [...living].sort((a, b) => a - b),
    rows: Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1))),
  }
}

/** Refusals since a user is missing who was there all the time, as far as any commit says. */
export function falseRefusals(
  { users }: Pick<Scenario, 'users'>,
  order: Order,
  { outcomes }: Pick<Run, 'outcomes'>,
): readonly Step[] {
  const gone = committed(order, outcomes).flatMap(({ step }) =>
    step.verb === 'delete user' || step.verb === 'change id' ? [step.user] : [],
  )
  return stepsOf(order).flatMap(({ step }, i) => {
    const isRefused = outcomes[i]?.ending === 'missing' && 'user' in step
    return isRefused && users.includes(step.user) && !gone.includes(step.user) ? [step] : []
  })
}

interface Taken {
  readonly session: string
  readonly step: Step
}

const stepsOf = (order: Order): readonly Taken[] =>
  order.flatMap(({ session, turn }) => turn.map((step) => ({ session, step })))

/** The steps that had an effect and were committed, in the order of the commits. */
function committed(order: Order, outcomes: readonly Outcome[]): readonly Taken[] {
  const open = new Map<string, Taken[]>()
  return stepsOf(order).flatMap((taken, i) => {
    const { session, step } = taken
    if (outcomes[i]?.ending !== 'done') return []
    const before = open.get(session) ?? []
    open.set(session, step.verb === 'commit' || step.verb === 'roll back' ? [] : [...before, taken])
    return step.verb === 'commit' ? before : []
  })
}

function apply(step: Step, session: string, living: Set<number>, named: Map<string, number>): void {
  switch (step.verb) {
    case 'create user':
      living.add(step.user)
      break
    case 'delete user':
      living.delete(step.user)
      break
    case 'change id':
      living.delete(step.user)
      living.add(changedId(step.user))
      break
    case 'insert row':
    case 'attach table':
      named.set(session, step.user)
      break
    case 'move row':
      named.set(step.row, step.user)
      break
    case 'delete row':
      named.delete(step.row)
      break
  }
}

/** The id that a user has after `change id`. */
export const changedId = (user: number): number => user + 50
