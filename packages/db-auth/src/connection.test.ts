import { describe, expect, test } from '@jest/globals'
import { connectionFrom } from './connection.ts'
import { database } from './database.ts'
import { DatabaseUrlError } from './database-url-error.ts'
import type { ClientOptions } from './options.ts'

const url = 'postgresql://u:p%40ss@localhost:5432/db'
const poolOf = (options: ClientOptions) => connectionFrom(options, {}).pool

function refusal(options: ClientOptions, environment = {}): DatabaseUrlError {
  try {
    connectionFrom(options, environment)
  } catch (error) {
    if (error instanceof DatabaseUrlError) return error
    throw error
  }
  throw new Error('The URL was accepted')
}

describe('connectionFrom', () => {
  test('takes the URL from the option, else from the environment', () => {
    const environment = { [database.urlVariable]: 'postgres://environment/db' }
    expect(connectionFrom({}, environment).pool.connectionString).toBe('postgres://environment/db')
    expect(connectionFrom({ url }, environment).pool.connectionString).toBe(url)
  })

  test.each([{}, { [database.urlVariable]: '' }])(
    'teaches how to get a URL when there is none: %j',
    (environment) => {
      const error = refusal({}, environment)
      expect(error.code).toBe('url.missing')
      expect(error.message).toContain(database.urlVariable)
      expect(error.fix).toContain('pnpm db:url')
    },
  )

  test.each([
    'mysql://u:secret@localhost/db',
    'sqlite:secret.db',
    'localhost:secret',
    'postgresql://u:sec/ret:x',
  ])('refuses %s without quoting it', (unusable) => {
    const error = refusal({ url: unusable })
    expect(error.code).toBe('url.unusable')
    expect(JSON.stringify([error.message, error.why, error.stack])).not.toContain('sec/ret')
    expect(error.message).not.toContain('secret')
  })

  test('has defaults, and leaves limits to the server', () => {
    expect(poolOf({ url })).toEqual({
      connectionString: url,
      application_name: database.name,
      max: 10,
      idleTimeoutMillis: 300_000,
      connectionTimeoutMillis: 10_000,
    })
  })

  test('passes on what it is told', () => {
    expect(
      poolOf({
        url,
        applicationName: 'worker',
        pool: { size: 3, idleTimeout: 0, connectionTimeout: 500 },
        timeouts: { statement: 1000, lock: 0, idleInTransaction: 3000 },
      }),
    ).toEqual({
      connectionString: url,
      application_name: 'worker',
      max: 3,
      idleTimeoutMillis: 0,
      connectionTimeoutMillis: 500,
      statement_timeout: 1000,
      lock_timeout: 0,
      idle_in_transaction_session_timeout: 3000,
    })
  })

  test("understands Prisma's parameters, which options overrule", () => {
    const tuned = `${url}?connection_limit=2&pool_timeout=7&application_name=api&sslmode=disable`
    expect(poolOf({ url: tuned })).toMatchObject({
      connectionString: `${url}?sslmode=disable`,
      application_name: 'api',
      max: 2,
      connectionTimeoutMillis: 7000,
    })
    expect(poolOf({ url: tuned, pool: { size: 5, connectionTimeout: 1 } })).toMatchObject({
      max: 5,
      connectionTimeoutMillis: 1,
    })
    expect(poolOf({ url: `${url}?connection_limit=many` })).toMatchObject({ max: 10 })
  })

  test('takes the schema out of the URL and puts it on the search path', () => {
    const { schema, pool } = connectionFrom(
      { url: `${url}?schema=my%20%22app%22&options=-c%20work_mem%3D5MB` },
      {},
    )
    expect(schema).toBe('my "app"')
    expect(new URL(pool.connectionString ?? '').searchParams.get('options')).toBe(
      String.raw`-c work_mem=5MB -c search_path="my\ ""app"""`,
    )
  })
})
