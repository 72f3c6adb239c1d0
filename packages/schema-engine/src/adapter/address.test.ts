import { describe, expect, test } from '@jest/globals'
import { parseAddress, withDatabase, withoutTls } from './address.ts'

const driverUrl = (url: string) => parseAddress(url)?.config.connectionString

describe('a URL', () => {
  test('says where the server is and whom it lets in', () => {
    expect(
      parseAddress('postgresql://a%40b:secret@db.example.org:6432/my%20db?schema=orchard'),
    ).toMatchObject({
      host: 'db.example.org',
      port: 6432,
      database: 'my db',
      user: 'a@b',
      schema: 'orchard',
    })
  })

  test('has defaults', () => {
    expect(parseAddress('postgres://me@localhost')).toMatchObject({
      port: 5432,
      database: 'me',
      schema: 'public',
      prefersTls: false,
      config: { connectionTimeoutMillis: 5000 },
    })
  })

  test('of a socket names its directory', () => {
    expect(parseAddress('postgresql://me@localhost/db?host=/var/run/postgresql')?.host).toBe(
      '/var/run/postgresql',
    )
  })

  test.each(['mysql://me@localhost/db', 'file:./dev.db', 'localhost:5432/db', ''])('is none: %j', (url) => {
    expect(parseAddress(url)).toBeUndefined()
  })

  test("keeps Prisma's parameters from the driver, and hands on all others", () => {
    const url = 'postgresql://me@localhost/db?schema=s&connection_limit=3&pgbouncer=true&application_name=x'
    expect(driverUrl(url)).toBe('postgresql://me@localhost/db?application_name=x')
    expect(
      parseAddress('postgresql://me@localhost/db?connect_timeout=7')?.config.connectionTimeoutMillis,
    ).toBe(7000)
  })

  test.each([
    ['sslmode=require', 'sslmode=require'],
    ['sslmode=verify-full&sslrootcert=ca.pem', 'sslmode=verify-full&sslrootcert=ca.pem'],
    ['sslmode=require&sslaccept=accept_invalid_certs', 'sslmode=no-verify'],
    ['sslmode=prefer', 'sslmode=no-verify'],
  ])('with %s makes the driver use %s', (given, used) => {
    expect(driverUrl(`postgresql://me@localhost/db?${given}`)).toBe(`postgresql://me@localhost/db?${used}`)
  })
})

test('an address of another database or without TLS is otherwise the same', () => {
  const address = parseAddress('postgresql://me:pw@localhost/db?sslmode=prefer')
  if (!address) throw new Error('the address is valid')
  expect(withDatabase(address, 'ä/b')).toMatchObject({
    database: 'ä/b',
    config: { connectionString: 'postgresql://me:pw@localhost/%C3%A4%2Fb?sslmode=no-verify' },
  })
  expect(withoutTls(address)).toMatchObject({
    prefersTls: false,
    config: { connectionString: 'postgresql://me:pw@localhost/db?sslmode=disable' },
  })
})
