import type { Check } from '../check.ts'
import { failed, ok, unknown, warning } from '../result.ts'
import { bytes } from '../words.ts'

const little = 0.1
/** What writes a table anew, or an index beside it, needs room for a copy. */
const copying = ['index-blocking', 'rewriting', 'type-change', 'unique-constraint', 'volatile-default']

export const disk: Check = {
  name: 'disk',
  asks: 'there is room for what pending scripts write',
  run: ({ dangers, server: { disk: facts, tables } }) => {
    const { databaseBytes, free } = facts
    const size = `the database has ${bytes(databaseBytes)}`
    if (!free) return [unknown(`${size}; how much room is left can't be seen from here`)]
    const what = `${bytes(free.bytes)} of ${bytes(free.total)} are free; ${size}`
    const copies = dangers.some(({ rule }) => copying.includes(rule))
    const needed = copies ? Math.max(0, ...tables.map((table) => table.bytes)) : 0
    const fix = 'Make room, or give the server a bigger disk.'
    if (needed > free.bytes) {
      return [failed(`${what}.`, `A pending script writes a table of ${bytes(needed)} anew.`, fix)]
    }
    return free.bytes < free.total * little
      ? [warning(`${what}.`, 'A server without room stops, and a migration writes much at once.', fix)]
      : [ok(what)]
  },
}
