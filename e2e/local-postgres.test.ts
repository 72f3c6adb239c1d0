import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { localPostgres } from '@manybase/local-postgres'
import { dbCommand, node, type Result, root, run } from './support/run.ts'
import { query } from './support/tenant.ts'

const catalog = `
import { localPostgres } from '@manybase/local-postgres'
import { defineDatabases, fromVariable } from '@manybase/migrator/config'

export default defineDatabases({
  local: localPostgres({ directory: '.data/postgres' }),
  databases: { shop: { label: 'shop', directory: 'shop', url: fromVariable('DATABASE_URL_SHOP') } },
})
`

/** A repository that nobody has run anything in yet, in a folder with an awkward name. */
function freshRepository() {
  const parent = realpathSync(mkdtempSync(join(tmpdir(), 'fresh repository ü ')))
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(parent, path)), { recursive: true })
    writeFileSync(join(parent, path), text)
  }
  write('package.json', '{ "private": true, "type": "module" }\n')
  write('databases.config.ts', catalog)
  write('shop/prisma/migrations/001_orders/migration.sql', 'CREATE TABLE orders (id int PRIMARY KEY);\n')
  mkdirSync(join(parent, 'node_modules/@manybase'), { recursive: true })
  for (const name of ['migrator', 'local-postgres']) {
    symlinkSync(join(root, 'packages', name), join(parent, 'node_modules/@manybase', name), 'dir')
  }
  const server = localPostgres({ directory: '.data/postgres' })
  return {
    server,
    parent,
    db: (...args: string[]): Promise<Result> => run(node, [dbCommand, ...args], { cwd: parent }),
    shell: (script: string): Promise<Result> => run('sh', ['-c', script, node, dbCommand], { cwd: parent }),
    async [Symbol.asyncDispose]() {
      await server.destroy(parent)
      rmSync(parent, { recursive: true })
    },
  }
}

describe('the local server, through the commands', () => {
  test('migrate starts it on an empty machine, and a pipe behind it ends', async () => {
    await using here = freshRepository()
    const { stdout, exitCode } = await here.shell('"$0" "$1" migrate 2>&1 | cat')
    expect({ stdout, exitCode }).toMatchObject({
      stdout: expect.stringContaining('✅ shop: 001 (head)'),
      exitCode: 0,
    })
    const server = await here.server.find(here.parent)
    expect(await query(server?.url('shop') ?? '', 'SELECT count(*)::int AS n FROM orders')).toEqual([
      { n: 0 },
    ])
  })

  test('ten migrations at once on an empty machine share one server and apply everything once', async () => {
    await using here = freshRepository()
    const results = await Promise.all(Array.from({ length: 10 }, () => here.db('migrate')))
    expect(results.map(({ exitCode, stderr }) => (exitCode === 0 ? 0 : stderr))).toEqual(Array(10).fill(0))
    const server = await here.server.find(here.parent)
    expect(await query(server?.url('shop') ?? '', 'SELECT migration_name FROM _prisma_migrations')).toEqual([
      { migration_name: '001_orders' },
    ])
  })

  test('up and down start and stop it, and may be said twice', async () => {
    await using here = freshRepository()
    const said = async (...args: string[]) => (await here.db(...args)).stdout.trim()
    expect(await said('down')).toBe('No local server was running.')
    const up = await said('up')
    expect(up).toMatch(/^PostgreSQL 17\.\d+ runs at 127\.0\.0\.1:\d+$/)
    expect(await said('up')).toBe(up)
    expect(await said('down')).toBe('The local server is stopped.')
    expect(await said('up')).toBe(up)
  })

  test('a server that cannot be started is a failure that says why, with exit code 2', async () => {
    await using here = freshRepository()
    mkdirSync(join(here.parent, '.data/postgres/data'), { recursive: true })
    writeFileSync(join(here.parent, '.data/postgres/data/PG_VERSION'), '12\n')
    const { stdout, stderr, exitCode } = await here.db('migrate')
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 })
    expect(stderr).toContain('[local-postgres.data-version]')
    expect(stderr).toContain('PostgreSQL 12')
  })
})
