import type { History, Revision } from '../../history/revision.ts'
import { revision } from './make.ts'

/** A number from 0 up to, but not including, `below`. */
export type Random = (below: number) => number

/** The same numbers for the same seed (mulberry32). */
export function makeRandom(seed: number): Random {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

export interface RandomGraph {
  readonly histories: readonly History[]
  /** Ids of what is applied; with each revision, all that it needs. */
  readonly applied: ReadonlySet<string>
}

export interface Shape {
  readonly revisions: number
  readonly databases: number
  /** Whether a history may begin more than once. */
  readonly severalBases: boolean
}

/** Draws histories with branches, merges, and dependencies within and across databases. Ids are unique over all. */
export function drawGraph(random: Random, shape: Shape): RandomGraph {
  const drawn: Revision[] = []
  for (let count = 0; count < shape.revisions; count++) drawn.push(drawRevision(random, shape, drawn))
  const names = Array.from({ length: shape.databases }, (_, index) => databaseName(index))
  const histories = names.map((database) => ({
    database,
    revisions: drawn.filter((each) => each.database === database).sort(byName),
  }))
  return { histories, applied: drawApplied(random, drawn) }
}

const databaseName = (index: number): string => `zone${index}`
const byName = (one: Revision, other: Revision) => (one.name < other.name ? -1 : 1)

function drawRevision(random: Random, shape: Shape, before: readonly Revision[]): Revision {
  const database = databaseName(random(shape.databases))
  const own = before.filter((each) => each.database === database)
  const id = `${random(16).toString(16)}${random(16).toString(16)}${before.length.toString(16).padStart(3, '0')}`
  return revision(database, id, {
    parents: shape.severalBases && random(6) === 0 ? [] : drawParents(random, own),
    dependsOn: Array.from({ length: random(4) === 0 ? 1 + random(2) : 0 }, () =>
      pick(random, before),
    ).flatMap((each) => (each ? [{ database: each.database, id: each.id }] : [])),
  })
}

function drawParents(random: Random, own: readonly Revision[]): readonly string[] {
  const revised = new Set(own.flatMap(({ parents }) => parents))
  const heads = own.filter(({ id }) => !revised.has(id))
  const first = random(4) === 0 ? pick(random, own) : pick(random, heads)
  const second = random(5) === 0 ? pick(random, random(4) === 0 ? own : heads) : undefined
  return [...new Set([first, second].flatMap((each) => (each ? [each.id] : [])))]
}

const pick = <T>(random: Random, list: readonly T[]): T | undefined => list[random(list.length)]

function drawApplied(random: Random, drawn: readonly Revision[]): ReadonlySet<string> {
  const applied = new Set<string>()
  for (let tips = random(4); tips > 0; tips--) {
    const tip = pick(random, drawn)
    if (tip) applied.add(tip.id)
  }
  for (const { id, parents, dependsOn } of drawn.toReversed()) {
    if (applied.has(id)) for (const need of [...parents, ...dependsOn.map((ref) => ref.id)]) applied.add(need)
  }
  return applied
}
