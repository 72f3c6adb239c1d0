/** One way on from a state. */
export interface Move<S> {
  readonly name: string
  readonly to: S
}

export interface Model<S> {
  readonly initial: S
  /** Everything that can happen next. A state without moves is an end. */
  moves(state: S): readonly Move<S>[]
  /** What is wrong with a state, or undefined. `isEnd`: nothing more happens. */
  check(state: S, isEnd: boolean): string | undefined
}

export type Exploration =
  | { readonly kind: 'sound'; readonly states: number }
  | { readonly kind: 'violation'; readonly problem: string; readonly trace: readonly string[] }

/**
 * Visits every state that can be reached, breadth first, so that a violation comes with a shortest way to it.
 * States are values of JSON.
 */
export function explore<S>({ initial, moves, check }: Model<S>): Exploration {
  interface Visit {
    readonly state: S
    readonly name: string
    readonly from: Visit | undefined
  }
  const seen = new Set([JSON.stringify(initial)])
  let front: Visit[] = [{ state: initial, name: 'begin', from: undefined }]
  while (front.length > 0) {
    const next: Visit[] = []
    for (const visit of front) {
      const onward = moves(visit.state)
      const problem = check(visit.state, onward.length === 0)
      if (problem !== undefined) return { kind: 'violation', problem, trace: traceTo(visit) }
      for (const { name, to } of onward) {
        const key = JSON.stringify(to)
        if (seen.has(key)) continue
        seen.add(key)
        next.push({ state: to, name, from: visit })
      }
    }
    front = next
  }
  return { kind: 'sound', states: seen.size }
}

function traceTo(visit: {
  name: string
  from: { name: string; from: unknown } | undefined
}): readonly string[] {
  const trace: string[] = []
  for (let at: typeof visit | undefined = visit; at?.from; at = at.from as typeof visit)
    trace.unshift(at.name)
  return trace
}
