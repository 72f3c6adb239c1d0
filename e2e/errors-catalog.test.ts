import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { expectFailure } from './support/failure.ts'
import { makeProject, type Project } from './support/project.ts'
import { dbCommand, node, run } from './support/run.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

let tenant: Tenant
let project: Project

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
beforeEach(() => {
  project = makeProject(tenant, { alpha: { '001_first': 'CREATE TABLE first ();' } })
})
afterEach(async () => {
  project.dispose()
  const name = project.databaseName('alpha')
  expect(await tenant.asAdmin(`SELECT 1 FROM pg_database WHERE datname = '${name}'`)).toEqual([])
})

describe('the catalog', () => {
  test('is missing above the folder', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'manybase-outside-'))
    mkdirSync(join(outside, 'below'))
    const result = await run(node, [dbCommand, 'migrate'], { cwd: join(outside, 'below') })
    rmSync(outside, { recursive: true })
    expectFailure(result, {
      code: 'config.missing',
      exitCode: 2,
      what: 'There is no databases.config.ts in',
      why: 'The catalog says which databases there are and where their histories lie.',
      fix: 'Run the command in the repository, or name the catalog with --config FILE.',
    })
  })

  test('is missing where --config says', async () => {
    expectFailure(await project.db(['migrate', '--config', 'other.config.ts']), {
      code: 'config.missing',
      exitCode: 2,
      what: 'There is no other.config.ts.',
      why: 'The catalog says which databases',
      fix: 'name the catalog with --config FILE',
    })
  })

  const imports = `import { defineDatabases, fromVariable } from '@manybase/migrator/config'\n`
  test.each([
    ['has a syntax error', 'export default {', /importing it failed: .*/],
    [
      'imports what isn’t there',
      `import './nowhere.ts'\nexport default {}`,
      /importing it failed: .*nowhere\.ts/,
    ],
    ['throws', `throw new Error('no luck')`, 'importing it failed: no luck'],
    ['exports nothing', 'export const databases = {}', 'its default export has no databases'],
    ['exports something else', 'export default 42', 'its default export has no databases'],
    ['has null for databases', 'export default { databases: null }', 'its default export has no databases'],
    [
      'lists no database',
      `${imports}export default defineDatabases({ databases: {} })`,
      'it lists no database',
    ],
    [
      'has a database without a directory',
      `${imports}export default { databases: { alpha: { url: fromVariable('DATABASE_URL_ALPHA') } } }`,
      'alpha has no directory',
    ],
    [
      'has a database without a URL',
      `export default { databases: { alpha: { directory: 'alpha' } } }`,
      'alpha has no url: use fromVariable or fromParts',
    ],
    [
      'has a database whose URL is text',
      `export default { databases: { alpha: { directory: 'alpha', url: 'postgresql://localhost/a' } } }`,
      'alpha has no url: use fromVariable or fromParts',
    ],
    [
      'gives two databases one label',
      `${imports}const url = fromVariable('DATABASE_URL_ALPHA')
export default defineDatabases({ databases: {
  alpha: { label: 'x', directory: 'alpha', url }, beta: { label: 'x', directory: 'beta', url },
} })`,
      'two databases answer to "x"',
    ],
  ])('%s', async (_, text, problem) => {
    project.write('databases.config.ts', text)
    const result = await project.db(['migrate'])
    expectFailure(result, {
      code: 'config.invalid',
      exitCode: 2,
      what: problem,
      why: 'A catalog exports defineDatabases({ databases: { name: { directory, url } } }) as its default.',
      fix: 'Mend the file',
    })
    expect(result.stderr).toContain("databases.config.ts isn't a catalog")
  })
})

describe('the command line', () => {
  test('names a database that the catalog doesn’t have', async () => {
    for (const args of [['--only', 'gamma'], ['--gamma-only'], ['--only', 'alpha,gamma']]) {
      expectFailure(await project.db(['migrate', ...args]), {
        code: 'database.unknown',
        exitCode: 2,
        what: 'There is no database "gamma" in the catalog.',
        why: 'The catalog has alpha.',
        fix: 'Use one of those names, or its label.',
      })
    }
  })

  test.each([
    [['migrate', '--chek-status'], `unknown option '--chek-status'`, 'Did you mean --check-status?'],
    [['migrat'], `unknown command 'migrat'`, 'Did you mean migrate?'],
    [['migrate', 'now'], 'too many arguments', ''],
    [['migrate', '--lock-wait'], 'argument missing', ''],
    [['migrate', '--lock-wait', 'long'], 'not a number of seconds', ''],
    [['migrate', '--lock-wait', '-1'], 'not a number of seconds', ''],
    [['studio', '--port', 'http'], 'not a port', ''],
    [['studio', '--port', '70000'], 'not a port', ''],
    [['migrate', '--config'], 'argument missing', ''],
  ])('is refused: %j', async (args, problem, suggestion) => {
    const result = await project.db(args)
    expect(result).toMatchObject({ exitCode: 2, stdout: '' })
    expect(result.stderr).toContain(problem)
    expect(result.stderr).toContain(suggestion)
  })

  test('without a command shows what there is', async () => {
    const result = await project.db([])
    expect(result.exitCode).toBe(2)
    for (const command of [
      'migrate',
      'status',
      'config',
      'url',
      'inspect',
      'up',
      'down',
      'reset',
      'studio',
    ]) {
      expect(result.stderr).toMatch(new RegExp(`^  ${command} `, 'm'))
    }
    expect(await project.db(['--help'])).toMatchObject({ exitCode: 0, stdout: result.stderr, stderr: '' })
  })
})
