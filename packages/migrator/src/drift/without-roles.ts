import { escapeIdentifier } from 'pg'
import type { DatabaseObject } from '../snapshot/object.ts'

/**
 * What is there without the rights of these roles: they follow from the catalog and not from a history, and `db roles`
 * looks after them.
 */
export function withoutRoles(
  objects: readonly DatabaseObject[],
  roles: readonly string[],
): readonly DatabaseObject[] {
  if (roles.length === 0) return objects
  const isTheirs = (separator: string) => {
    const beginnings = roles.flatMap((role) => [role, escapeIdentifier(role)]).map((role) => role + separator)
    return (entry: unknown) => beginnings.some((beginning) => String(entry).startsWith(beginning))
  }
  return objects.flatMap((object) => {
    const { kind } = object
    if (kind === 'default privileges') {
      const left = strip(object, 'list', isTheirs('='))
      return left.definition.list === undefined ? [] : [left]
    }
    return [strip(object, 'grants', isTheirs(' '))]
  })
}

/** A list that has nothing left is as if there had been none. */
function strip(object: DatabaseObject, field: string, isTheirs: (entry: unknown) => boolean): DatabaseObject {
  const { [field]: list, ...definition } = object.definition
  if (!Array.isArray(list)) return object
  const left = list.filter((entry) => !isTheirs(entry))
  return left.length === list.length
    ? object
    : { ...object, definition: left.length === 0 ? definition : { ...definition, [field]: left } }
}
