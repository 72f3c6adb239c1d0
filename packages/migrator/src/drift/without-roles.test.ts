import { expect, test } from '@jest/globals'
import type { DatabaseObject } from '../snapshot/object.ts'
import { withoutRoles } from './without-roles.ts'

const object = (
  kind: DatabaseObject['kind'],
  definition: Readonly<Record<string, unknown>>,
): DatabaseObject => ({ kind, name: 'public.a', parent: null, definition, create: null })

test('rights of others are left', () => {
  const table = object('table', { grants: ['api SELECT', 'api_2 SELECT', 'PUBLIC SELECT'] })
  expect(withoutRoles([table], ['api'])).toEqual([
    object('table', { grants: ['api_2 SELECT', 'PUBLIC SELECT'] }),
  ])
  expect(withoutRoles([table], [])).toEqual([table])
})

test('a list that was theirs alone is as if there had been none', () => {
  const theirs = [
    object('table', { grants: ['"my api" SELECT'] }),
    object('default privileges', { list: ['"my api"=r/owner'] }),
  ]
  expect(withoutRoles(theirs, ['my api'])).toEqual([object('table', {})])
})
