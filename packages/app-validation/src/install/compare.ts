import type { Change } from './change.ts'
import type { Desired } from './desired.ts'
import type { Found, FoundTrigger } from './found.ts'
import { quoteIdent } from './quote-ident.ts'
import { definitionOf, type RelationName, type Trigger } from './trigger.ts'

/** What has to be done so that what is there is what should be; in an order in which it can be done. */
export function compare(desired: Desired, found: Found): readonly Change[] {
  return [...functionChanges(desired, found), ...triggerChanges(desired, found), ...leftOver(desired, found)]
}

/** The same without removing anything, for one who knows of a part only. */
export const additions = (changes: readonly Change[]): readonly Change[] =>
  changes.filter(({ kind }) => kind !== 'trigger left over' && kind !== 'function left over')

function functionChanges({ functions }: Desired, found: Found): readonly Change[] {
  const there = new Map(found.functions.map((each) => [each.name, each]))
  return functions.flatMap((each): Change[] => {
    const known = there.get(each.name)
    if (!known) return [{ kind: 'function missing', function: each }]
    const isSame = known.isSafe && known.body === each.body
    return isSame ? [] : [{ kind: 'function changed', function: each }]
  })
}

function triggerChanges({ triggers }: Desired, found: Found): readonly Change[] {
  const there = new Map(found.triggers.map((each) => [keyOf(each), each]))
  const withLaxClones = laxClones(found)
  return triggers.flatMap((trigger): Change[] => {
    const known = there.get(keyOf(trigger))
    if (!known) return [{ kind: 'trigger missing', trigger }]
    if (!isSame(trigger, known)) return [{ kind: 'trigger changed', trigger }]
    const isAlways = known.isAlways && !withLaxClones.has(keyOf(trigger))
    return isAlways ? [] : [{ kind: 'trigger not always', trigger }]
  })
}

/** Triggers of partitioned tables with a clone that isn't ENABLE ALWAYS: enabling the one enables the other. */
function laxClones({ tables, triggers }: Found): ReadonlySet<string> {
  const lax = triggers.filter(({ isClone, isAlways }) => isClone && !isAlways)
  const keys = lax.flatMap(({ name, relation }) =>
    tables
      .filter(({ relations }) => relations.some((each) => isSameRelation(each, relation)))
      .map((table) => keyOf({ name, relation: table })),
  )
  return new Set(keys)
}

const isSameRelation = (one: RelationName, other: RelationName): boolean =>
  one.schema === other.schema && one.name === other.name

function leftOver(desired: Desired, found: Found): readonly Change[] {
  const wanted = new Set(desired.triggers.map(keyOf))
  const functions = new Set(desired.functions.map(({ name }) => name))
  return [
    ...found.triggers
      .filter((trigger) => !trigger.isClone && !wanted.has(keyOf(trigger)))
      .map(({ name, relation }): Change => ({ kind: 'trigger left over', trigger: { name, relation } })),
    ...found.functions
      .filter(({ name }) => !functions.has(name))
      .map(({ name }): Change => ({ kind: 'function left over', name })),
  ]
}

const keyOf = ({ name, relation }: { name: string; relation: RelationName }): string =>
  JSON.stringify([relation.schema, relation.name, name])

const isSame = (trigger: Trigger, { definition }: FoundTrigger): boolean =>
  bare(definitionOf(trigger, quoteIdent)) === bare(definition)

/** PostgreSQL writes conditions with more parentheses, and with the casts that a type needs. */
const bare = (definition: string): string => definition.replaceAll(/[()]|::text/g, '')
