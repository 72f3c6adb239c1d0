/** Something that needs others of its kind. */
interface Needy<N> {
  readonly needs: readonly N[]
}

/**
 * Puts nodes after all that they need, as far as that is possible. Each edge that closes a circle comes as
 * the circle that it closes.
 */
export function rankByNeeds<N extends Needy<N>>(nodes: readonly N[]) {
  const order: N[] = []
  const cycles: [N, ...N[]][] = []
  const state = new Map<N, 'open' | 'done'>()
  // An explicit stack: a history of ten thousand revisions is deeper than JavaScript's own.
  const stack: { readonly node: N; next: number }[] = []
  const open = (node: N) => {
    state.set(node, 'open')
    stack.push({ node, next: 0 })
  }
  for (const root of nodes) {
    if (!state.has(root)) open(root)
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const need = top.node.needs[top.next++]
      if (need === undefined) {
        state.set(top.node, 'done')
        order.push(top.node)
        stack.pop()
      } else if (state.get(need) === 'open') {
        const path = stack.map(({ node }) => node)
        cycles.push([need, ...path.slice(path.indexOf(need) + 1)])
      } else if (!state.has(need)) {
        open(need)
      }
    }
  }
  return { order, cycles }
}
