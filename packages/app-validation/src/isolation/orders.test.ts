import { expect, test } from '@jest/globals'
import { ordersOf } from './orders.ts'
import type { Turn } from './scenario.ts'
import { commit, deleteUser, insertRow, render, snapshot, sweep } from './steps.ts'

const orders = (sessions: Record<string, readonly Turn[]>, level: 'READ COMMITTED' | 'SERIALIZABLE') =>
  ordersOf({ sessions }, level).map((order) =>
    order.map(({ session, turn }) => `${session}: ${turn.map(render).join(', ')}`).join('; '),
  )

test('sessions take turns in every order, each in its own', () => {
  expect(orders({ a: [[insertRow(1)], [commit]], b: [[deleteUser(1), commit]] }, 'READ COMMITTED')).toEqual([
    'a: insert row 1; a: commit; b: delete user 1, commit',
    'a: insert row 1; b: delete user 1, commit; a: commit',
    'b: delete user 1, commit; a: insert row 1; a: commit',
  ])
})

test('a snapshot at READ COMMITTED is none', () => {
  expect(orders({ a: [[snapshot], [insertRow(1)]] }, 'READ COMMITTED')).toEqual(['a: insert row 1'])
})

test('two orders that differ in what a snapshot cannot see are one', () => {
  const sessions = { a: [[snapshot]], b: [[snapshot]], c: [[insertRow(1)]] }
  expect(orders(sessions, 'SERIALIZABLE')).toEqual(['a: snapshot; b: snapshot; c: insert row 1'])
})

test.each([commit, deleteUser(1), sweep])('a snapshot before $verb and one after it are two', (step) => {
  expect(orders({ a: [[snapshot]], b: [[step]] }, 'SERIALIZABLE')).toHaveLength(2)
})

test('of two sessions that do the same, the first begins', () => {
  expect(
    orders({ a: [[insertRow(1)], [commit]], b: [[insertRow(1)], [commit]] }, 'SERIALIZABLE'),
  ).toHaveLength(3)
})
