import { expect, test } from '@jest/globals'
import type { Reference } from '../references/reference.ts'
import { isReferenceViolation } from './reference-violation.ts'
import { translateError } from './translate.ts'

const reference: Reference = {
  database: 'b',
  schema: null,
  table: 'notes',
  column: 'user_id',
  model: 'Note',
  field: 'userId',
  target: { database: 'a', schema: null, table: 'users', column: 'id' },
  onDelete: 'Cascade',
  required: true,
  type: 'uuid',
}
const message = 'insert or update on table "notes" violates foreign key constraint "fk_notes_user_id"'
const byPrisma = (cause: object) =>
  Object.assign(new Error('x'), { code: 'P2003', meta: { driverAdapterError: { cause } } })
const kind = 'ForeignKeyConstraintViolation'

test.each([
  ['Prisma, by its constraint', byPrisma({ kind, constraint: { index: 'fk_notes_user_id' } })],
  [
    'Prisma, by its message',
    byPrisma({ kind, constraint: { fields: ['user_id'] }, originalMessage: message }),
  ],
  [
    'the driver, by its constraint',
    Object.assign(new Error('x'), { code: '23503', constraint: 'fk_notes_user_id' }),
  ],
  ['the driver, by its message', Object.assign(new Error(message), { code: '23503' })],
])('the fence’s refusal is known through %s', (_, error) => {
  expect(translateError([reference], error)).toMatchObject({
    name: 'ReferenceViolation',
    kind: 'deleted',
    constraint: 'fk_notes_user_id',
    cause: error,
  })
})

test('the value is the one that the write named, or that the detail names', () => {
  const detail = 'Key (user_id)=(u1) was deleted from table "users" of a.'
  const error = Object.assign(new Error(message), { code: '23503', detail })
  expect(translateError([reference], error)).toMatchObject({ values: ['u1'] })
  expect(translateError([reference], new Error(message))).not.toHaveProperty('values')
  const name = () => [{ reference, value: 'u2' }]
  const violation = translateError([reference], byPrisma({ kind, originalMessage: message }), name)
  expect(violation).toMatchObject({ values: ['u2'] })
  expect(isReferenceViolation(violation) && violation.toProblem()).toMatchObject({
    type: 'urn:manybase:problem:reference-deleted',
    status: 409,
    detail: 'notes.user_id: u2 was deleted from users.id in a.',
  })
})

test.each([
  ['a foreign key of the database itself', byPrisma({ kind, constraint: { index: 'fk_notes_project_id' } })],
  [
    'another refusal',
    byPrisma({ kind: 'UniqueConstraintViolation', constraint: { index: 'fk_notes_user_id' } }),
  ],
  ['what isn’t an error', 'fk_notes_user_id'],
  ['nothing', undefined],
])('%s stays as it is', (_, error) => {
  expect(translateError([reference], error)).toBe(error)
})
