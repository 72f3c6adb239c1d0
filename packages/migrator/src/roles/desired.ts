import type { CompanionRights, RoleNames } from '../catalog/define.ts'
import type { DefaultGrant, OwnedObject, RightsFacts } from './facts.ts'
import type { Grant } from './grant.ts'

/** What the roles are to have in one PostgreSQL database. */
export interface Arrangement {
  readonly names: RoleNames
  /** PostgreSQL schemas of the histories in it. */
  readonly schemas: readonly string[]
  /** That of the companion. */
  readonly companion: string | undefined
  readonly rights: CompanionRights
  /** Those that any database of the catalog takes: roles belong to a whole server. */
  readonly memberships: CompanionRights['memberships']
}

/** The roles, each once: two kinds of process may share one. */
export const namesIn = (names: RoleNames): readonly string[] => [
  ...new Set([names.migrator, names.application, names.sweeper].filter((name) => name !== undefined)),
]

const ledger = '_prisma_migrations'
/** Of the migrator itself: how far data migrations are. */
const progressSchema = 'migrator'

/** Every schema that is the migrator's. */
export const schemasOf = ({ schemas, companion }: Arrangement): readonly string[] => [
  ...new Set([...schemas, ...(companion === undefined ? [] : [companion]), progressSchema]),
]

const readAndWrite = ['SELECT', 'INSERT', 'UPDATE', 'DELETE']

const defaultPrivileges = { TABLES: readAndWrite, SEQUENCES: ['USAGE', 'SELECT'] } as const

/** Every right that a role other than the owner is to have on what is there, or comes to be there by a statement before. */
export function desiredGrants(arrangement: Arrangement, facts: RightsFacts): readonly Grant[] {
  const { names } = arrangement
  const { application, sweeper } = names
  const others = [application, sweeper].filter((role) => role !== undefined)
  return [
    ...grantsOn('database', facts.database.name, names.migrator, ['CONNECT', 'CREATE', 'TEMPORARY']).filter(
      () => facts.database.owner !== names.migrator,
    ),
    ...others.flatMap((role) => grantsOn('database', facts.database.name, role, ['CONNECT'])),
    ...(application === undefined ? [] : facts.objects.flatMap(forApplication(application, arrangement))),
    ...others.flatMap((role) => facts.objects.flatMap(forEverybody(role, arrangement))),
    ...facts.objects.flatMap(forCompanion(arrangement)),
  ]
}

export function desiredDefaults({ names: { application }, schemas }: Arrangement): readonly DefaultGrant[] {
  if (application === undefined) return []
  return schemas.flatMap((schema) =>
    (['TABLES', 'SEQUENCES'] as const).flatMap((on) =>
      defaultPrivileges[on].map((privilege) => ({ schema, on, role: application, privilege })),
    ),
  )
}

const grantsOn = (on: Grant['on'], object: string, role: string, privileges: readonly string[]) =>
  privileges.map((privilege): Grant => ({ on, object, role, privilege, column: null }))

/** The data of the histories, and not what keeps count of them. */
const forApplication =
  (role: string, { schemas }: Arrangement) =>
  ({ kind, schema, name, sql }: OwnedObject): readonly Grant[] => {
    if (!schemas.includes(schema)) return []
    if (kind === 'sequence') return grantsOn(kind, sql, role, defaultPrivileges.SEQUENCES)
    return kind === 'table' && name !== ledger ? grantsOn(kind, sql, role, readAndWrite) : []
  }

/** Everybody may see at which revision a database is. */
const forEverybody =
  (role: string, { schemas }: Arrangement) =>
  ({ kind, schema, name, sql }: OwnedObject): readonly Grant[] => {
    const isOurs = schemas.includes(schema)
    if (kind === 'schema' && (isOurs || schema === progressSchema))
      return grantsOn(kind, sql, role, ['USAGE'])
    const isCount = isOurs ? name === ledger : schema === progressSchema
    return kind === 'table' && isCount ? grantsOn(kind, sql, role, ['SELECT']) : []
  }

const forCompanion =
  ({ names, rights }: Arrangement) =>
  ({ kind, schema, name, sql }: OwnedObject): readonly Grant[] =>
    rights.grants
      .filter((right) => right.on === kind && right.schema === schema && right.name === name)
      .flatMap((right) => {
        const role = names[right.role]
        if (role === undefined) return []
        const columns = right.columns ?? [null]
        return right.privileges.flatMap((privilege) =>
          columns.map((column): Grant => ({ on: right.on, object: sql, role, privilege, column })),
        )
      })
