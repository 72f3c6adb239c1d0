import { describe, expect, test } from '@jest/globals'
import { plainTable, projectsToUsers } from '../testing/sides.ts'
import { describeChange, sqlOf } from './change.ts'
import { additions, compare } from './compare.ts'
import { desiredIn } from './desired.ts'
import type { Found, FoundTable } from './found.ts'
import { quoteIdent } from './quote-ident.ts'
import { definitionOf } from './trigger.ts'

const projects: FoundTable = {
  ...plainTable('projects'),
  columns: ['id', 'user_id'],
  relations: [plainTable('projects')],
}
const desired = desiredIn('specs', [projectsToUsers], [projects])
const nothing: Found = { tables: [projects], triggers: [], functions: [] }

/** What is there when all is in place. */
const complete: Found = {
  tables: [projects],
  triggers: desired.triggers.map((trigger) => ({
    name: trigger.name,
    relation: trigger.relation,
    definition: definitionOf(trigger, quoteIdent),
    isAlways: true,
    isClone: false,
  })),
  functions: desired.functions.map((each) => ({ ...each, isSafe: true })),
}

const kinds = (found: Found) => compare(desired, found).map(({ kind }) => kind)
const changedTrigger = (change: object): Found => ({
  ...complete,
  triggers: complete.triggers.map((trigger, index) => (index === 0 ? { ...trigger, ...change } : trigger)),
})

describe('compare', () => {
  test('finds nothing to do where all is in place', () => {
    expect(kinds(complete)).toEqual([])
  })

  test('makes functions before the triggers that call them', () => {
    expect(kinds(nothing)).toEqual(['function missing', 'trigger missing', 'trigger missing'])
  })

  test('sees a trigger that is otherwise, whatever parentheses and casts PostgreSQL writes', () => {
    const definition = complete.triggers[0]?.definition ?? ''
    expect(
      kinds(changedTrigger({ definition: definition.replace('AFTER INSERT', 'BEFORE INSERT') })),
    ).toEqual(['trigger changed'])
    const written = 'WHEN (((new.user_id)::text IS NOT NULL))'
    expect(
      kinds(changedTrigger({ definition: definition.replace(/WHEN \(.*\) EXEC/, `${written} EXEC`) })),
    ).toEqual([])
  })

  test('sees a trigger that does not always fire', () => {
    expect(kinds(changedTrigger({ isAlways: false }))).toEqual(['trigger not always'])
  })

  test('sees a function with another body, or that anybody may call', () => {
    const functions = complete.functions.map((each) => ({ ...each, isSafe: false }))
    expect(kinds({ ...complete, functions })).toEqual(['function changed'])
    expect(kinds({ ...complete, functions: functions.map((each) => ({ ...each, body: '' })) })).toEqual([
      'function changed',
    ])
  })

  test('removes what nothing asks for any more, triggers first, unless it knows of a part only', () => {
    const changes = compare({ functions: [], triggers: [] }, complete)
    expect(changes.map(({ kind }) => kind)).toEqual([
      'trigger left over',
      'trigger left over',
      'function left over',
    ])
    expect(additions(changes)).toEqual([])
  })

  test('leaves the clones of a partitioned table to PostgreSQL, and enables them through it', () => {
    const parts: FoundTable = {
      ...projects,
      relations: [
        { ...plainTable('projects'), kind: 'partitioned table' },
        { ...plainTable('part'), isPartition: true },
      ],
    }
    const wanted = desiredIn('specs', [projectsToUsers], [parts])
    const [root] = wanted.triggers
    const found = (isAlways: boolean): Found => ({
      tables: [parts],
      functions: complete.functions,
      triggers: [
        ...wanted.triggers.map((trigger) => ({
          name: trigger.name,
          relation: trigger.relation,
          definition: definitionOf(trigger, quoteIdent),
          isAlways: true,
          isClone: false,
        })),
        { name: root?.name ?? '', relation: plainTable('part'), definition: '', isAlways, isClone: true },
      ],
    })
    expect(compare(wanted, found(true))).toEqual([])
    expect(compare(wanted, found(false))).toEqual([{ kind: 'trigger not always', trigger: root }])
  })
})

test('every change has words and SQL', () => {
  const changes = [
    ...compare(desired, nothing),
    ...compare({ functions: [], triggers: [] }, complete),
    ...compare(desired, changedTrigger({ isAlways: false })),
    ...compare(desired, changedTrigger({ definition: '' })),
  ]
  expect(changes.map(describeChange)).toContain(
    'trigger integrity_fence_insert_user_id on public.projects is missing',
  )
  for (const change of changes) {
    expect(describeChange(change)).toMatch(/ (is missing|was changed|is left over|isn’t ENABLE ALWAYS)$/)
    expect(sqlOf(change)).toMatch(/^(CREATE|DROP|ALTER) /)
  }
})
