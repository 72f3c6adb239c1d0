import { describe, expect, test } from '@jest/globals'
import { expectedContents, falseRefusals } from './expected.ts'
import type { Ending } from './outcome.ts'
import type { Order } from './scenario.ts'
import { commit, deleteRow, deleteUser, insertRow, moveRow, rollBack } from './steps.ts'

const scenario = { users: [1, 2], rows: { old: 1 } }
const run = (...endings: readonly Ending[]) => ({
  outcomes: endings.map((ending) => ({ ending, waited: false })),
})
const deletes = { session: 'deleter', turn: [deleteUser(1), commit] }

describe('expectedContents', () => {
  test.each([
    ['Cascade', {}],
    ['SetNull', { old: null }],
  ] as const)('%s follows a deletion that was committed', (action, rows) => {
    expect(expectedContents(scenario, action, [deletes], run('done', 'done'))).toEqual({ users: [2], rows })
  })

  test('what failed, or was rolled back, has no effect', () => {
    const order: Order = [
      { session: 'deleter', turn: [deleteUser(1), rollBack] },
      { session: 'writer', turn: [insertRow(1), commit] },
    ]
    const outcome = run('done', 'done', 'conflict', 'skipped')
    expect(expectedContents(scenario, 'Cascade', order, outcome)).toEqual({ users: [1, 2], rows: { old: 1 } })
  })

  test('the later commit counts, whoever wrote first', () => {
    const order: Order = [
      { session: 'mover', turn: [moveRow('old', 2)] },
      { session: 'remover', turn: [deleteRow('old'), commit] },
      { session: 'mover', turn: [commit] },
    ]
    const outcome = run('done', 'done', 'done', 'done')
    expect(expectedContents(scenario, 'Cascade', order, outcome).rows).toEqual({ old: 2 })
  })

  test('a row that names a user whom Restrict should have kept is an error', () => {
    expect(() => expectedContents(scenario, 'Restrict', [deletes], run('done', 'done'))).toThrow('old names')
  })
})

describe('falseRefusals', () => {
  const writes = { session: 'writer', turn: [insertRow(1), commit] }

  test('a user who was there all the time cannot be missing', () => {
    expect(falseRefusals(scenario, [writes], run('missing', 'skipped'))).toEqual([insertRow(1)])
  })

  test('nor one whose deletion was not committed', () => {
    const order = [{ session: 'deleter', turn: [deleteUser(1), rollBack] }, writes]
    expect(falseRefusals(scenario, order, run('done', 'done', 'missing', 'skipped'))).toEqual([insertRow(1)])
  })

  test('one who was deleted, or never there, can', () => {
    expect(falseRefusals(scenario, [deletes, writes], run('done', 'done', 'missing', 'skipped'))).toEqual([])
    expect(falseRefusals({ users: [2] }, [writes], run('missing', 'skipped'))).toEqual([])
  })
})
