import { describe, expect, test } from '@jest/globals'
import { compare, ownRights } from './compare.ts'
import type { Arrangement } from './desired.ts'
import type { OwnedObject, RightsFacts } from './facts.ts'

const names = { migrator: 'owner', application: 'api', sweeper: 'sweep' }
const memberships = [{ role: 'sweeper', of: 'pg_read_all_stats' }] as const
const arrangement: Arrangement = {
  names,
  schemas: ['public'],
  companion: 'kept',
  rights: {
    grants: [
      { role: 'sweeper', on: 'table', schema: 'public', name: 'a', privileges: ['SELECT'], columns: ['id'] },
      { role: 'sweeper', on: 'routine', schema: 'kept', name: 'f', privileges: ['EXECUTE'] },
    ],
    memberships,
  },
  memberships,
}

const object = (kind: OwnedObject['kind'], sql: string, more: Partial<OwnedObject> = {}): OwnedObject => {
  const [schema = '', name = ''] = sql.replace(/\(.*/, '').split('.')
  return { kind, schema, name, sql, owner: 'owner', follows: false, isMine: true, ...more }
}
const role = (name: string, memberOf: readonly string[] = []) => ({
  name,
  login: true,
  attributes: [],
  memberOf,
  isMine: false,
})
const arranged: RightsFacts = {
  me: { name: 'admin', superuser: false, version: 17, mayGrant: ['pg_read_all_stats'] },
  roles: [role('owner'), role('api'), role('sweep', ['pg_read_all_stats'])],
  database: { name: 'db', owner: 'admin' },
  objects: [],
  grants: [
    ...['CONNECT', 'CREATE', 'TEMPORARY'].map((privilege) => ({
      on: 'database' as const,
      object: 'db',
      role: 'owner',
      privilege,
      column: null,
    })),
    ...['api', 'sweep'].map((name) => ({
      on: 'database' as const,
      object: 'db',
      role: name,
      privilege: 'CONNECT',
      column: null,
    })),
  ],
  defaults: [],
}
const facts = (more: Partial<RightsFacts>): RightsFacts => ({ ...arranged, ...more })
const grant = (object: string, who: string | null, privilege: string, column: string | null = null) => ({
  on: 'table' as const,
  object,
  role: who,
  privilege,
  column,
})
const table = object('table', 'public.a')
const rightsWith = (more: Partial<RightsFacts>) =>
  compare(arrangement, facts({ objects: [object('schema', 'public'), table], ...more })).rights.filter(
    (each) => each.includes('public.a'),
  )

describe('rights', () => {
  test('of the application are those on rows; of the sweeper what its companion says', () => {
    expect(rightsWith({})).toEqual([
      'GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.a TO "api"',
      'GRANT SELECT ("id") ON TABLE public.a TO "sweep"',
    ])
  })

  test('that are too much are taken, and a column that goes along comes back', () => {
    const found = [
      ...['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE'].map((each) => grant('public.a', 'api', each)),
      grant('public.a', 'sweep', 'SELECT'),
      grant('public.a', 'sweep', 'SELECT', 'id'),
      grant('public.a', null, 'SELECT'),
    ]
    expect(rightsWith({ grants: [...arranged.grants, ...found] })).toEqual([
      'REVOKE TRUNCATE ON TABLE public.a FROM "api"',
      'REVOKE SELECT ON TABLE public.a FROM "sweep"',
      'REVOKE SELECT ON TABLE public.a FROM PUBLIC',
      'GRANT SELECT ("id") ON TABLE public.a TO "sweep"',
    ])
  })

  test('on the ledger are to read', () => {
    const ledger = object('table', 'public._prisma_migrations')
    expect(compare(arrangement, facts({ objects: [ledger] })).rights).toContain(
      'GRANT SELECT ON TABLE public._prisma_migrations TO "api"',
    )
  })

  test('of everybody on functions go in the companion’s schema, and stay in the application’s', () => {
    const routines = ['public.g()', 'kept.f()'].map((sql) => object('routine', sql))
    const grants = routines.map(({ sql }) => ({
      on: 'routine' as const,
      object: sql,
      role: null,
      privilege: 'EXECUTE',
      column: null,
    }))
    const { rights } = compare(
      arrangement,
      facts({ objects: routines, grants: [...arranged.grants, ...grants] }),
    )
    expect(rights.filter((each) => each.includes('ROUTINE'))).toEqual([
      'REVOKE EXECUTE ON ROUTINE kept.f() FROM PUBLIC',
      'GRANT EXECUTE ON ROUTINE kept.f() TO "sweep"',
    ])
  })

  test('after a migration are those on what its role owns', () => {
    const objects = [table, object('table', 'public.b', { isMine: false })]
    const statements = ownRights(arrangement, facts({ objects, grants: [] }))
    expect(statements.join('\n')).toContain('public.a')
    expect(statements.join('\n')).not.toMatch(/public\.b|DATABASE|DEFAULT/)
  })
})

describe('owners', () => {
  test('become the migrator, of a schema before what lies in it, and not of what goes along', () => {
    const foreign = { owner: 'admin' }
    const { owners } = compare(
      { ...arrangement, schemas: ['public', 'other'] },
      facts({
        objects: [
          object('table', 'public.a', foreign),
          object('sequence', 'public.a_seq', { ...foreign, follows: true }),
          object('schema', 'public', foreign),
        ],
      }),
    )
    expect(owners).toEqual([
      'CREATE SCHEMA "other" AUTHORIZATION "owner"',
      'ALTER SCHEMA public OWNER TO "owner"',
      'ALTER TABLE public.a OWNER TO "owner"',
    ])
  })
})

describe('roles', () => {
  test('are made, and cannot log in at first', () => {
    expect(compare(arrangement, facts({ roles: [] })).missing).toEqual([
      'CREATE ROLE "owner" NOLOGIN',
      'CREATE ROLE "api" NOLOGIN',
      'CREATE ROLE "sweep" NOLOGIN',
    ])
  })

  test('have no attributes and memberships that would let them do more', () => {
    const roles = [
      { ...role('owner'), attributes: ['CREATEDB', 'BYPASSRLS'] },
      { ...role('api', ['pg_write_all_data', 'owner', 'staff']), attributes: ['CREATEDB'] },
      role('sweep'),
    ]
    const { memberships, beyond } = compare(arrangement, facts({ roles }))
    expect(memberships).toEqual(['GRANT "pg_read_all_stats" TO "sweep"'])
    expect(beyond).toEqual([
      'ALTER ROLE "owner" NOBYPASSRLS',
      'ALTER ROLE "api" NOCREATEDB',
      'REVOKE "pg_write_all_data" FROM "api"',
      'REVOKE "owner" FROM "api"',
    ])
  })

  test('are given what who asks may not give by somebody else', () => {
    const me = { ...arranged.me, mayGrant: [] }
    const { memberships, beyond } = compare(arrangement, facts({ me, roles: [role('sweep')] }))
    expect({ memberships, beyond }).toEqual({
      memberships: [],
      beyond: ['GRANT "pg_read_all_stats" TO "sweep"'],
    })
  })
})
