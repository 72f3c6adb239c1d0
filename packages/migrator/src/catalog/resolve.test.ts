import { describe, expect, test } from '@jest/globals'
import { type Catalog, makeCatalog } from './catalog.ts'
import { fromParts, fromVariable, type LocalServer } from './define.ts'
import { readEnvironment } from './environment.ts'
import { resolve } from './resolve.ts'

const local: LocalServer = {
  find: async () => undefined,
  start: async () => {
    throw new Error('resolving starts nothing')
  },
  stop: async () => false,
  destroy: async () => false,
}

const catalogWith = (more: object = {}): Catalog =>
  makeCatalog('/repo', '/repo/databases.config.ts', {
    databases: {
      a: { label: 'first', directory: 'a', url: fromVariable('URL_A') },
      b: { directory: 'b', url: fromVariable('URL_B') },
    },
    ...more,
  })

const resolveWith = (variables: NodeJS.ProcessEnv, catalog = catalogWith({ local })) =>
  resolve(catalog, catalog.databases, readEnvironment('/nowhere', variables))

const url = (name: string) => `postgresql://u:p@h:1/${name}`

describe('where the databases are', () => {
  test('is what the variables say', async () => {
    const resolution = await resolveWith({ URL_A: url('a'), URL_B: url('b') })
    expect(resolution).toMatchObject({
      kind: 'urls',
      targets: [{ name: 'a', origin: 'URL_A (environment)' }, { name: 'b' }],
    })
  })

  test('is the local server where no variable is set', async () => {
    expect(await resolveWith({})).toMatchObject({ kind: 'local' })
  })

  test('is never made up in production', async () => {
    await expect(resolveWith({ NODE_ENV: 'production' })).rejects.toMatchObject({ code: 'url.missing' })
  })

  test('is never made up without a local server in the catalog', async () => {
    await expect(resolveWith({}, catalogWith())).rejects.toMatchObject({ code: 'url.missing' })
  })

  test('is refused when only one of two is set', async () => {
    await expect(resolveWith({ URL_A: url('a') })).rejects.toMatchObject({
      code: 'url.incomplete',
      what: 'URL_A is set and URL_B is not.',
    })
  })

  test('is composed of parts, with percent-encoding where it is needed', async () => {
    const catalog = makeCatalog('/repo', 'f', {
      databases: {
        scoping: {
          directory: 'a',
          url: fromParts('DB_', { HOST: 'localhost', PORT: '15432', NAME: 'uaip_scoping' }),
        },
      },
    })
    const resolution = await resolveWith({ DB_USER: 'uaip_user', DB_PASSWORD: 'p@ss/word' }, catalog)
    expect(resolution).toMatchObject({
      targets: [{ connection: { url: 'postgresql://uaip_user:p%40ss%2Fword@localhost:15432/uaip_scoping' } }],
    })
  })
})

describe('a catalog', () => {
  test.each([
    [undefined, 'no databases'],
    [{ databases: {} }, 'lists no database'],
    [
      {
        databases: {
          a: { label: 'b', directory: 'a', url: fromVariable('A') },
          b: { directory: 'b', url: fromVariable('B') },
        },
      },
      'two databases answer to "b"',
    ],
  ])('%j is refused', (config, problem) => {
    expect(() => makeCatalog('/repo', 'file', config)).toThrow(problem)
  })
})
