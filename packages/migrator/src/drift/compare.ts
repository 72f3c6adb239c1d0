import { type DatabaseObject, describeObject, keyOf, objectKinds } from '../snapshot/object.ts'

/** One thing in which a live database differs from its history. */
export type Difference =
  /** The live database has it, and the history doesn't make it. */
  | { readonly kind: 'added'; readonly object: DatabaseObject }
  /** The history makes it, and the live database doesn't have it. */
  | { readonly kind: 'removed'; readonly object: DatabaseObject }
  | {
      readonly kind: 'changed'
      /** As the history makes it. */
      readonly object: DatabaseObject
      readonly live: DatabaseObject
      readonly changes: readonly Change[]
    }

export interface Change {
  readonly field: string
  readonly expected: unknown
  readonly actual: unknown
}

export interface CompareOptions {
  /** Compares owners too; they often differ from one server to another. */
  readonly owners?: boolean
}

/** What the live database has more, less or otherwise than its history, in an order in which it can be made. */
export function compare(
  history: readonly DatabaseObject[],
  live: readonly DatabaseObject[],
  options: CompareOptions = {},
): readonly Difference[] {
  const expected = new Map(history.map((object) => [keyOf(object), object]))
  const actual = new Map(live.map((object) => [keyOf(object), object]))
  const keys = [...new Set([...expected.keys(), ...actual.keys()])]
  return keys
    .flatMap((key) => compareObject(expected.get(key), actual.get(key), options))
    .sort((a, b) => objectKinds.indexOf(a.object.kind) - objectKinds.indexOf(b.object.kind))
}

/** What is on both sides and belongs to another role in the live database. */
export interface OtherOwner {
  readonly object: string
  readonly expected: string
  readonly actual: string
}

export function compareOwners(
  history: readonly DatabaseObject[],
  live: readonly DatabaseObject[],
): readonly OtherOwner[] {
  const expected = new Map(history.map((object) => [keyOf(object), object.definition.owner]))
  return live.flatMap((object): readonly OtherOwner[] => {
    const [should, is] = [expected.get(keyOf(object)), object.definition.owner]
    return should === undefined || should === is
      ? []
      : [{ object: describeObject(object), expected: String(should), actual: String(is) }]
  })
}

function compareObject(
  expected: DatabaseObject | undefined,
  actual: DatabaseObject | undefined,
  { owners = false }: CompareOptions,
): readonly Difference[] {
  if (!expected) return actual ? [{ kind: 'added', object: actual }] : []
  if (!actual) return [{ kind: 'removed', object: expected }]
  const fields = new Set([...Object.keys(expected.definition), ...Object.keys(actual.definition)])
  if (!owners) fields.delete('owner')
  const changes = [...fields].flatMap((field): readonly Change[] => {
    const [should, is] = [expected.definition[field], actual.definition[field]]
    return JSON.stringify(should) === JSON.stringify(is) ? [] : [{ field, expected: should, actual: is }]
  })
  return changes.length > 0 ? [{ kind: 'changed', object: expected, live: actual, changes }] : []
}
