import { expect, test } from '@jest/globals'
import { serverEnvironment } from './run.ts'

test("PostgreSQL's programs see neither the caller's PG variables nor the caller's language", () => {
  const env = {
    PATH: '/bin',
    PGDATA: '/d',
    PGPASSWORD: 'secret',
    LC_MESSAGES: 'de',
    LANG: 'de',
    LANGUAGE: 'de',
  }
  expect(serverEnvironment(env)).toEqual({ PATH: '/bin', LC_ALL: 'C', TZ: 'UTC' })
})
