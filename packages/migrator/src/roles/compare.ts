import { escapeIdentifier } from 'pg'
import { type Arrangement, desiredDefaults, desiredGrants, namesIn, schemasOf } from './desired.ts'
import type { DefaultGrant, OwnedObject, RightsFacts, RoleFacts } from './facts.ts'
import { type Grant, outlasting, roleName, statementsFor, without } from './grant.ts'

/** What brings a database to its arrangement, in the order in which it is done. */
export interface Changes {
  /** Roles to be made: for the whole server, like their memberships. */
  readonly missing: readonly string[]
  /** Attributes among them. */
  readonly memberships: readonly string[]
  /** Who owns what. */
  readonly owners: readonly string[]
  readonly rights: readonly string[]
  /** What is amiss and who asks can't mend. */
  readonly beyond: readonly string[]
}

export function compare(arrangement: Arrangement, facts: RightsFacts): Changes {
  const missing = namesIn(arrangement.names).filter((name) => !facts.roles.some((role) => role.name === name))
  const amiss = facts.roles.flatMap((role) => excessOf(role, arrangement))
  const mayMend = (statement: Mending) => facts.me.superuser || facts.me.mayGrant.includes(statement.takes)
  const mendings = [...amiss, ...missingMemberships(arrangement, facts)]
  return {
    missing: missing.map((name) => `CREATE ROLE ${roleName(name)} NOLOGIN`),
    memberships: mendings.filter(mayMend).map(({ sql }) => sql),
    owners: ownersOf(arrangement, facts),
    rights: [...rightsOf(arrangement, facts), ...defaultsOf(arrangement, facts)],
    beyond: mendings.filter((each) => !mayMend(each)).map(({ sql }) => sql),
  }
}

interface Mending {
  readonly sql: string
  /** The predefined role that who does it has to be able to grant; empty: a superuser. */
  readonly takes: string
}

/** What lets a role do more than its rights say. Shadow databases take CREATEDB, which a migrator may have. */
function excessOf(
  { name, attributes, memberOf }: RoleFacts,
  { names, memberships }: Arrangement,
): readonly Mending[] {
  const tolerated = name === names.migrator ? ['CREATEDB'] : []
  const excess = attributes.filter((attribute) => !tolerated.includes(attribute))
  const own = Object.values(names)
  const given = memberships.filter(({ role }) => names[role] === name).map(({ of }) => of)
  const strange =
    name === names.migrator
      ? []
      : memberOf.filter((of) => own.includes(of) || (of.startsWith('pg_') && !given.includes(of)))
  return [
    ...(excess.length === 0
      ? []
      : [
          {
            sql: `ALTER ROLE ${roleName(name)} ${excess.map((attribute) => `NO${attribute}`).join(' ')}`,
            takes: '',
          },
        ]),
    ...strange.map((of) => ({ sql: `REVOKE ${escapeIdentifier(of)} FROM ${roleName(name)}`, takes: of })),
  ]
}

function missingMemberships({ names, rights }: Arrangement, { roles }: RightsFacts): readonly Mending[] {
  return rights.memberships.flatMap(({ role, of }) => {
    const name = names[role]
    const known = roles.find((each) => each.name === name)
    if (name === undefined || known?.memberOf.includes(of)) return []
    return [{ sql: `GRANT ${escapeIdentifier(of)} TO ${roleName(name)}`, takes: of }]
  })
}

function ownersOf(arrangement: Arrangement, { objects }: RightsFacts): readonly string[] {
  const { migrator } = arrangement.names
  const there = new Set(objects.map(({ schema }) => schema))
  const missing = arrangement.schemas.filter((schema) => !there.has(schema))
  const foreign = objects.filter(({ owner, follows }) => owner !== migrator && !follows)
  return [
    ...missing.map(
      (schema) => `CREATE SCHEMA ${escapeIdentifier(schema)} AUTHORIZATION ${roleName(migrator)}`,
    ),
    // A table can be given only to who may create in its schema.
    ...[...foreign].sort(schemasFirst).map(({ kind, sql }) => {
      return `ALTER ${kind.toUpperCase()} ${sql} OWNER TO ${roleName(migrator)}`
    }),
  ]
}

const schemasFirst = (a: OwnedObject, b: OwnedObject): number =>
  Number(b.kind === 'schema') - Number(a.kind === 'schema')

/** Of the rights those on objects that are owned by who asks. */
export function ownRights(arrangement: Arrangement, facts: RightsFacts): readonly string[] {
  const mine = new Set(facts.objects.filter(({ isMine }) => isMine).map(({ sql }) => sql))
  return rightsOf(arrangement, facts, ({ on, object }) => on !== 'database' && mine.has(object))
}

/** What is taken comes first, since it may take more along than it should. */
function rightsOf(
  arrangement: Arrangement,
  facts: RightsFacts,
  may: (grant: Grant) => boolean = () => true,
): readonly string[] {
  const { migrator } = arrangement.names
  const { schemas } = arrangement
  const made = schemas.filter((schema) => !facts.objects.some((object) => object.schema === schema))
  const objects = [...facts.objects, ...made.map(madeSchema)]
  const desired = desiredGrants(arrangement, { ...facts, objects })
  const found = facts.grants.filter(({ role, on }) => role !== migrator || on === 'database')
  const revoked = without(found, desired).filter((grant) => may(grant) && isOurs(grant, arrangement, facts))
  const granted = without(desired, outlasting(found, revoked)).filter(may)
  return [...statementsFor('REVOKE', revoked), ...statementsFor('GRANT', granted)]
}

const madeSchema = (schema: string): OwnedObject => ({
  kind: 'schema',
  schema,
  name: '',
  sql: escapeIdentifier(schema),
  owner: '',
  follows: false,
  isMine: true,
})

/** Of what PUBLIC has, what everybody needs stays: looking into a schema, and calling functions of the application. */
function isOurs(grant: Grant, arrangement: Arrangement, { objects }: RightsFacts): boolean {
  if (grant.role !== null) return true
  if (grant.on === 'database' || grant.on === 'table' || grant.on === 'sequence') return true
  const object = objects.find(({ sql }) => sql === grant.object)
  return object?.schema === arrangement.companion || (grant.on === 'schema' && grant.privilege === 'CREATE')
}

/** Each schema has a list of its own, also for tables that are made by another tool as the same role. */
function defaultsOf(arrangement: Arrangement, { defaults }: RightsFacts): readonly string[] {
  const desired = desiredDefaults(arrangement)
  const key = (each: DefaultGrant) => JSON.stringify([each.schema, each.on, each.role, each.privilege])
  const [wanted, found] = [new Set(desired.map(key)), new Set(defaults.map(key))]
  const own = schemasOf(arrangement)
  return [
    ...defaultStatements(
      'REVOKE',
      defaults.filter((each) => own.includes(each.schema) && !wanted.has(key(each))),
      arrangement,
    ),
    ...defaultStatements(
      'GRANT',
      desired.filter((each) => !found.has(key(each))),
      arrangement,
    ),
  ]
}

function defaultStatements(
  verb: 'GRANT' | 'REVOKE',
  defaults: readonly DefaultGrant[],
  { names: { migrator } }: Arrangement,
): readonly string[] {
  const groups = Map.groupBy(defaults, ({ schema, on, role }) => JSON.stringify([schema, on, role]))
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    const privileges = group.map(({ privilege }) => privilege).join(', ')
    const to = `${verb === 'GRANT' ? 'TO' : 'FROM'} ${roleName(first.role)}`
    return [
      `ALTER DEFAULT PRIVILEGES FOR ROLE ${roleName(migrator)} IN SCHEMA ${escapeIdentifier(first.schema)} ${verb} ${privileges} ON ${first.on} ${to}`,
    ]
  })
}
