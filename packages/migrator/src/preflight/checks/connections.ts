import type { Check } from '../check.ts'
import { failed, ok, warning } from '../result.ts'

const nearly = 0.9

export const connections: Check = {
  name: 'connections',
  asks: 'there is room for the connections of a migration',
  run: ({
    server: {
      connections: { used, available, limit },
    },
  }) => {
    const what = `${used} of ${available} connections are taken (${limit})`
    const [why, fix] = [
      'A migration takes one connection a database, and a second one when it waits for somebody.',
      'Close idle clients, or raise the limit.',
    ]
    if (used > available) return [failed(`${what}.`, why, fix)]
    return used >= available * nearly ? [warning(`${what}.`, why, fix)] : [ok(what)]
  },
}
