import { escapeIdentifier } from 'pg'

/** What rights are given on. */
export type Grantable = 'database' | 'schema' | 'table' | 'sequence' | 'routine'

/** One right of one role on one object, or on one column of it. */
export interface Grant {
  readonly on: Grantable
  /** In SQL: quoted where it has to be, and with its schema. */
  readonly object: string
  /** Null is PUBLIC: everybody. */
  readonly role: string | null
  readonly privilege: string
  readonly column: string | null
}

const keyOf = ({ on, object, role, privilege, column }: Grant): string =>
  JSON.stringify([on, object, role, privilege, column])

/** Those of the first list that the second one doesn't have, each once. */
export function without(grants: readonly Grant[], others: readonly Grant[]): readonly Grant[] {
  const known = new Set(others.map(keyOf))
  const left = new Map(grants.map((grant) => [keyOf(grant), grant]))
  return [...left].filter(([key]) => !known.has(key)).map(([, grant]) => grant)
}

/** Taking a right on a table away takes it away on each of its columns, too. */
export const outlasting = (grants: readonly Grant[], revoked: readonly Grant[]): readonly Grant[] =>
  grants.filter(
    (grant) => grant.column === null || without([{ ...grant, column: null }], revoked).length === 1,
  )

/** Statements that give these rights, or take them; objects with the same rights share one. */
export function statementsFor(verb: 'GRANT' | 'REVOKE', grants: readonly Grant[]): readonly string[] {
  const perObject = Map.groupBy(grants, ({ on, object, role }) => JSON.stringify([on, object, role]))
  const lines = [...perObject.values()].flatMap((group) => {
    const [first] = group
    return first ? [{ ...first, privileges: privilegesOf(group) }] : []
  })
  const alike = Map.groupBy(lines, ({ on, role, privileges }) => JSON.stringify([on, role, privileges]))
  return [...alike.values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    const objects = group.map(({ object }) => object).join(', ')
    const role = `${verb === 'GRANT' ? 'TO' : 'FROM'} ${roleName(first.role)}`
    return [`${verb} ${first.privileges} ON ${first.on.toUpperCase()} ${objects} ${role}`]
  })
}

export const roleName = (role: string | null): string => (role === null ? 'PUBLIC' : escapeIdentifier(role))

/** `DELETE, SELECT ("id", "name")` */
function privilegesOf(grants: readonly Grant[]): string {
  const perPrivilege = Map.groupBy(grants, ({ privilege }) => privilege)
  return [...perPrivilege]
    .map(([privilege, group]) => {
      const columns = group.map(({ column }) => column).filter((column) => column !== null)
      return columns.length < group.length
        ? privilege
        : `${privilege} (${columns.map(escapeIdentifier).join(', ')})`
    })
    .join(', ')
}
