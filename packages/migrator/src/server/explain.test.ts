import { describe, expect, test } from '@jest/globals'
import { parseDatabaseUrl } from '../catalog/url.ts'
import { explainServerError, isConnectionLost } from './explain.ts'

const target = {
  name: 'shop',
  origin: 'SHOP_URL',
  connection: parseDatabaseUrl('postgresql://me:secret@db:5432/shop', 'SHOP_URL'),
}

const withCode = (code: string, message = 'x') => Object.assign(new Error(message), { code })

describe('a connection is lost', () => {
  test.each([
    ['by the system', withCode('ECONNRESET')],
    ['by the server', withCode('57P01', 'terminating connection due to administrator command')],
    ['in the middle of a query', new Error('Connection terminated unexpectedly')],
    ['before the query', new Error('Client has encountered a connection error and is not queryable')],
  ])('%s, and that is a failure and no bug', (_, error) => {
    expect(isConnectionLost(error)).toBe(true)
    expect(explainServerError(error, target)).toMatchObject({ code: 'server.refused', exitCode: 2 })
  })

  test('but not when the server has something against a statement', () => {
    const error = withCode('42601', 'unterminated quoted string at or near "\'"')
    expect(isConnectionLost(error)).toBe(false)
    expect(explainServerError(error, target)).toBe(error)
  })
})
