import { escapeLiteral } from 'pg'
import type { DatabaseObject } from '../snapshot/object.ts'

const labelsOf = ({ definition: { labels } }: DatabaseObject): readonly string[] =>
  Array.isArray(labels) ? labels.map(String) : []

/** Labels can be added at their places; one that is there can't be taken away. */
export function changeEnum(object: DatabaseObject, live: DatabaseObject): readonly string[] | undefined {
  const [wanted, there] = [labelsOf(object), labelsOf(live)]
  const known = wanted.filter((label) => there.includes(label))
  if (JSON.stringify(known) !== JSON.stringify(there)) return undefined
  return wanted.flatMap((label, index) => {
    if (there.includes(label)) return []
    const before = wanted[index - 1]
    const next = there[0]
    const place =
      before !== undefined
        ? ` AFTER ${escapeLiteral(before)}`
        : next !== undefined
          ? ` BEFORE ${escapeLiteral(next)}`
          : ''
    return [`ALTER TYPE ${object.name} ADD VALUE ${escapeLiteral(label)}${place}`]
  })
}
