import { expect, test } from '@jest/globals'
import { serverEnvironment } from './run.ts'

test("PostgreSQL's programs see neither the caller's secrets nor the caller's language", () => {
  const env = {
    PATH: '/bin',
    Path: 'C:\\bin',
    DATABASE_URL_AUTH: 'postgresql://me:secret@host/db',
    PGDATA: '/d',
    LC_MESSAGES: 'de',
    LANGUAGE: 'de',
    TZ: 'Europe/Berlin',
  }
  expect(serverEnvironment(env)).toEqual({ PATH: '/bin', Path: 'C:\\bin', LC_ALL: 'C', TZ: 'UTC' })
})
