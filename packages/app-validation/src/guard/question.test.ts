import { expect, test } from '@jest/globals'
import type { Reference } from '../references/reference.ts'
import { lookUp, lookUpSpellings, questionsOf } from './question.ts'

const named = (table: string, value: string, schema: string | null = null) => {
  const reference: Reference = {
    database: 'b',
    schema: null,
    table: 't',
    column: 'c',
    model: 'T',
    field: 'c',
    target: { database: 'a', schema, table, column: 'id' },
    onDelete: 'Keep',
    required: true,
    type: 'text',
  }
  return { reference, value }
}

test('there is one question for each referenced column, with each value once', () => {
  const questions = questionsOf([named('z', '2'), named('a', '1'), named('z', '1'), named('z', '2')])
  expect(questions.map(({ target, values }) => [target.table, values])).toEqual([
    ['a', ['1']],
    ['z', ['2', '1']],
  ])
})

test('rows are locked in the order of their key', () => {
  const [question] = questionsOf([named('users', 'x')])
  expect(question && lookUp(question, true)).toBe(
    `SELECT "id"::text AS id FROM "users" WHERE "id" = ANY ('{"x"}') ORDER BY "id" FOR KEY SHARE`,
  )
  expect(question && lookUp(question, false)).toBe(
    `SELECT "id"::text AS id FROM "users" WHERE "id" = ANY ('{"x"}')`,
  )
})

test('names and values are quoted', () => {
  const [question] = questionsOf([named('Us"ers', `a'b"c\\d,{e}`, 'S')])
  expect(question && lookUp(question, false)).toBe(
    `SELECT "id"::text AS id FROM "S"."Us""ers" WHERE "id" = ANY ( E'{"a''b\\\\"c\\\\\\\\d,{e}"}')`,
  )
})

test('single values are asked for as the column’s type spells them', () => {
  const [question] = questionsOf([named('users', 'X'), named('users', 'Y')])
  expect(question && lookUpSpellings(question)).toBe(
    `SELECT 0 AS i WHERE EXISTS (SELECT FROM "users" WHERE "id" = 'X') UNION ALL SELECT 1 AS i WHERE EXISTS (SELECT FROM "users" WHERE "id" = 'Y')`,
  )
})
