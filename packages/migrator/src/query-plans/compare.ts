import type { Explained } from './explain.ts'

/** How the plan of a query is now, next to how it was. */
export interface Comparison {
  readonly name: string
  readonly database: string
  /** `worse` is what somebody should look at before it is too late. */
  readonly verdict: 'same' | 'changed' | 'better' | 'worse' | 'new' | 'gone'
  /** What makes it so, in words. */
  readonly remarks: readonly string[]
  readonly before: Explained | null
  readonly after: Explained | null
}

/** @param tolerance how many times costlier a plan may be */
export function comparePlans(
  before: readonly Explained[],
  after: readonly Explained[],
  tolerance: number,
): readonly Comparison[] {
  const was = new Map(before.map((each) => [keyOf(each), each]))
  const is = new Set(after.map(keyOf))
  return [
    ...after.map((each) => compareOne(was.get(keyOf(each)), each, tolerance)),
    ...before
      .filter((each) => !is.has(keyOf(each)))
      .map((each) => ({ ...named(each), verdict: 'gone' as const, remarks: [], before: each, after: null })),
  ]
}

/** An empty table costs nothing; below that, nobody waits for a query. */
const least = 1

const keyOf = ({ name, database }: Explained): string => JSON.stringify([database, name])
const named = ({ name, database }: Explained) => ({ name, database })

function compareOne(before: Explained | undefined, after: Explained, tolerance: number): Comparison {
  const common = { ...named(after), before: before ?? null, after }
  if (!after.plan) {
    const since = before?.plan ? 'it no longer works' : 'it does not work'
    return { ...common, verdict: 'worse', remarks: [`${since}: ${after.problem}`] }
  }
  if (!before) return { ...common, verdict: 'new', remarks: [] }
  if (!before.plan) return { ...common, verdict: 'better', remarks: ['it works now'] }
  const [was, is] = [before.plan, after.plan]
  const ratio = Math.max(is.cost, least) / Math.max(was.cost, least)
  const scanned = is.scanned.filter(
    (table) => !was.scanned.includes(table) && was.shape.join().includes(` on ${table}`),
  )
  const worse = [
    ...(ratio > tolerance ? [`it costs ${times(ratio)} as much`] : []),
    ...scanned.map((table) => `${table} is read from beginning to end, where an index was used`),
  ]
  const edited = before.sql === after.sql ? [] : ['the query itself is another']
  if (worse.length > 0) return { ...common, verdict: 'worse', remarks: [...worse, ...edited] }
  if (ratio * tolerance < 1) {
    return { ...common, verdict: 'better', remarks: [`it costs ${times(ratio)} as much`, ...edited] }
  }
  const isSame = was.shape.join('\n') === is.shape.join('\n')
  return { ...common, verdict: isSame ? 'same' : 'changed', remarks: edited }
}

const times = (ratio: number): string =>
  ratio >= 10 ? `${Math.round(ratio).toLocaleString('en')} times` : `${ratio.toFixed(2)} times`
