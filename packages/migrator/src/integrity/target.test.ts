import { describe, expect, test } from '@jest/globals'
import type { Link } from '@manybase/app-validation'
import { findReferenced } from './target.ts'

const linkTo = (source: string, ...targets: readonly string[]): Link => ({
  source,
  referencing: 'specs',
  columns: targets.map((target) => ({
    name: 'public.projects.user_id',
    target,
    targetTable: '"public"."users"',
    targetColumn: '"id"',
    onDelete: 'Cascade',
    table: '"public"."projects"',
    column: '"user_id"',
    type: 'uuid',
  })),
})

const users = linkTo('auth', 'public.users.id')
const both = [linkTo('auth', 'public.users.id', 'public.teams.id'), linkTo('billing', 'public.users.id')]

describe('a referenced table', () => {
  test.each(['users', 'public.users', 'public.users.id', 'auth:users', undefined])(
    'is found by %s',
    (name) => {
      expect(findReferenced([users], name)).toEqual({
        source: 'auth',
        target: 'public.users.id',
        links: [users],
      })
    },
  )

  test('has to be one that a reference names', () => {
    expect(() => findReferenced([users], 'teams')).toThrow(
      expect.objectContaining({
        code: 'integrity.target-unknown',
        why: expect.stringContaining('auth:public.users.id'),
      }),
    )
  })

  test('has to be said where there are several', () => {
    expect(() => findReferenced(both)).toThrow(
      expect.objectContaining({ code: 'integrity.target-ambiguous' }),
    )
    expect(() => findReferenced(both, 'users')).toThrow(
      expect.objectContaining({ code: 'integrity.target-ambiguous' }),
    )
    expect(findReferenced(both, 'billing:users')).toMatchObject({ source: 'billing' })
  })
})
