import { databaseUnknown } from '../catalog/failures.ts'
import { entryOf, type Target } from '../catalog/target.ts'
import { readHistory } from '../history/read.ts'
import { makeLedger } from '../ledger/ledger.ts'
import { planBlocked } from '../plan/failures.ts'
import { resolveTarget } from '../plan/resolve.ts'
import { makeSituation } from '../plan/situation.ts'
import { makeState } from '../plan/state.ts'
import type { RevisionTarget } from '../plan/target.ts'
import { isOfLists, type Unit } from './units.ts'

/**
 * What the words of a command mean for one unit; none of them when they speak of other databases only.
 * A list's name means each of its members.
 */
export type AimsOf = (unit: Unit) => readonly RevisionTarget[]

/**
 * Settles which history each of the targets speaks of, before units are planned one by one: a bare revision
 * belongs to the one history that has it, and steps without a name are refused while there are several.
 * @throws `plan.*`
 */
export function aimsFor(units: readonly Unit[], aims: readonly RevisionTarget[]): AimsOf {
  // Single databases settle all of that with their one plan.
  if (!units.some(isOfLists)) return () => aims
  const scoped = aims.map((aim) => scope(units, aim))
  return (unit) => scoped.flatMap((aim) => aimIn(unit, aim))
}

function aimIn({ targets }: Unit, aim: RevisionTarget): readonly RevisionTarget[] {
  const { database } = aim
  if (database === undefined) return [aim]
  return targets.filter(answersTo(database)).map(({ name }) => ({ ...aim, database: name }))
}

const answersTo = (name: string) => (target: Target) => target.name === name || entryOf(target) === name

function scope(units: readonly Unit[], aim: RevisionTarget): RevisionTarget {
  const targets = units.flatMap((unit) => unit.targets)
  const entries = new Map(targets.map((target) => [entryOf(target), target]))
  if (aim.database !== undefined) {
    if (targets.some(answersTo(aim.database))) return aim
    throw leftOut(aim, aim.database, [...entries.keys()])
  }
  if (aim.anchor?.kind !== 'revision') {
    const [only, ...others] = entries.keys()
    if (aim.steps === undefined || only === undefined) return aim
    if (others.length === 0) return { ...aim, database: only }
    const forms = [only, ...others].map((name) => `${name}@${aim.word}`)
    throw planBlocked([{ kind: 'relative-unscoped', target: aim.text, forms }])
  }
  const states = [...entries].map(([name, { migrations }]) =>
    makeState(readHistory({ name, migrations }), makeLedger(name, [])),
  )
  const resolved = resolveTarget(makeSituation(states, new Set(entries.keys())), aim)
  if (resolved.kind !== 'found') throw planBlocked([resolved])
  const [first] = resolved.value
  return first ? { ...aim, database: first.database } : aim
}

/** A member may not exist; a database or list of the catalog is left out by --only. */
const leftOut = (aim: RevisionTarget, name: string, databases: readonly string[]) =>
  name.includes('/')
    ? databaseUnknown({ name, known: databases })
    : planBlocked([{ kind: 'unknown-revision', target: aim.text, databases, elsewhere: name }])
