import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { parseAddress } from '../adapter/address.ts'
import type { Problem } from '../adapter/factory.ts'
import type { PassThrough } from './engine-methods.ts'
import { createSession } from './session.ts'

const address = parseAddress('postgresql://me:secret@localhost/pears')
if (!address) throw new Error('the address is valid')

/** A session over an engine of which only these methods are used; the lines that it wrote. */
function talk(engine: Partial<PassThrough>, problem?: Problem) {
  const written: unknown[] = []
  const missing = new Proxy(
    {},
    {
      get: (_, name) =>
        name === 'then' ? undefined : () => Promise.reject(new Error(`${String(name)} is unused`)),
    },
  )
  let problems: Problem | undefined
  const session = createSession({
    engine: async () => {
      problems = problem
      return Object.setPrototypeOf({ ...engine }, missing)
    },
    takeProblem: () => {
      const taken = problems
      problems = undefined
      return taken
    },
    write: (line) => written.push(JSON.parse(line)),
  })
  const request = (id: number, method: string, params: unknown = {}) =>
    session.receive(JSON.stringify({ id, jsonrpc: '2.0', method, params }))
  const lines = async (count: number) => {
    for (let turns = 0; written.length < count && turns < 1000; turns++) await turn()
  }
  return { session, written, request, lines }
}

describe('a session', () => {
  test('answers requests one after another, as they came', async () => {
    const running: unknown[] = []
    const { request, written, lines } = talk({
      schemaPush: async (params) => {
        running.push(params)
        await turn()
        running.push('done')
        return { executedSteps: running.length }
      },
    })
    request(1, 'schemaPush', 'a')
    request(2, 'schemaPush', 'b')
    await lines(2)
    expect(running).toEqual(['a', 'done', 'b', 'done'])
    expect(written).toEqual([
      { jsonrpc: '2.0', id: 1, result: { executedSteps: 2 } },
      { jsonrpc: '2.0', id: 2, result: { executedSteps: 4 } },
    ])
  })

  test('has a difference printed before it answers', async () => {
    const { session, request, written, lines } = talk({
      diff: async () => ({ exitCode: 2, stdout: 'DROP TABLE x;' }),
    })
    request(7, 'diff')
    await lines(1)
    expect(written).toEqual([
      { jsonrpc: '2.0', id: 1, method: 'print', params: { content: 'DROP TABLE x;' } },
    ])
    session.receive('{"jsonrpc":"2.0","id":1,"result":{}}')
    await lines(2)
    expect(written[1]).toEqual({ jsonrpc: '2.0', id: 7, result: { exitCode: 2, stdout: null } })
  })

  test('works out a history that the engine does not know, and asks again', async () => {
    const asked: unknown[] = []
    const { request, written, lines } = talk({
      evaluateDataLoss: async () => {
        if (asked.length > 0) return { migrationSteps: 1 }
        throw new Error('PostgreSQL shadow DB must be provided through an external factory')
      },
      diagnoseMigrationHistory: async (params) => {
        asked.push(params)
      },
    })
    request(1, 'evaluateDataLoss', { migrationsList: 'list', filters: 'filters', schema: 'schema' })
    await lines(1)
    expect(asked).toEqual([{ migrationsList: 'list', filters: 'filters', optInToShadowDatabase: true }])
    expect(written).toEqual([{ jsonrpc: '2.0', id: 1, result: { migrationSteps: 1 } }])
  })

  test("tells a failed connection in Prisma's words", async () => {
    const problem: Problem = { kind: 'connection', address, error: { kind: 'DatabaseNotReachable' } }
    const { request, written, lines } = talk({ reset: () => Promise.reject(new Error('external')) }, problem)
    request(1, 'reset')
    await lines(1)
    expect(written).toEqual([
      {
        jsonrpc: '2.0',
        id: 1,
        error: {
          code: 4466,
          message: 'An error happened. Check the data field for details.',
          data: {
            is_panic: false,
            message: expect.stringContaining("Can't reach database server at `localhost:5432`"),
            meta: null,
            error_code: 'P1001',
          },
        },
      },
    ])
  })

  test('tells which migration failed, with the words of the server', async () => {
    const error = {
      kind: 'postgres',
      code: '42P07',
      severity: 'ERROR',
      message: 'is there',
      detail: 'd',
      hint: 'h',
      column: undefined,
      originalCode: '42P07',
    } as const
    const { request, written, lines } = talk(
      { applyMigrations: () => Promise.reject(new Error('external')) },
      { kind: 'script', script: 'CREATE 2', error },
    )
    const migrationDirectories = ['1', '2'].map((name) => ({
      path: `00${name}`,
      migrationFile: { content: { tag: 'ok', value: `CREATE ${name}` } },
    }))
    request(1, 'applyMigrations', { migrationsList: { migrationDirectories } })
    await lines(1)
    expect(written).toMatchObject([
      {
        error: {
          data: {
            error_code: 'P3018',
            meta: {
              migration_name: '002',
              database_error_code: '42P07',
              database_error: 'ERROR: is there\nDETAIL: d\nHINT: h',
            },
          },
        },
      },
    ])
  })

  test('answers what is under way when it is interrupted, once', async () => {
    const { promise, resolve } = Promise.withResolvers<unknown>()
    const { session, request, written } = talk({ reset: () => promise })
    expect(session.fail(new Error('nothing is under way'))).toBe(false)
    request(1, 'reset')
    await turn()
    expect(session.fail(new Error('interrupted'))).toBe(true)
    resolve({})
    await turn()
    expect(written).toMatchObject([{ id: 1, error: { data: { message: 'interrupted', is_panic: false } } }])
  })

  test('refuses what it does not know or cannot read', async () => {
    const { session, request, written, lines } = talk({})
    request(1, 'fly')
    session.receive('{')
    await lines(2)
    expect(written).toEqual([
      { jsonrpc: '2.0', id: null, error: { code: -32700, message: 'Unreadable request' } },
      { jsonrpc: '2.0', id: 1, error: { code: -32601, message: 'Method not found: fly' } },
    ])
  })
})
