import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { TestDatabase } from '@manybase/local-postgres/testing'
import { database } from './database.ts'
import { migratedDatabase } from './testing/migrated-database.ts'
import { sample } from './testing/sample.ts'

const run = promisify(execFile)
const require = createRequire(import.meta.url)
const root = fileURLToPath(new URL('..', import.meta.url))

const use = `
import { createSpecsClient, Prisma, ${sample.enumeration} } from '@socrates/db-specs'
import type { SpecsClient } from '@socrates/db-specs'

async function use(): Promise<string> {
  const client: SpecsClient = createSpecsClient()
  const rows = await client.${sample.model}.count()
  await client.$disconnect()
  return [rows, ${sample.enumeration}.active, Prisma.sql\`SELECT \${1}\`.text].join(' ')
}
`
const program = `${use}\nconsole.log(await use())\n`
const specification = `${use}\ntest('uses the client', async () => expect(await use()).toBe('0 active SELECT $1'))\n`
const swc = { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }

describe('a program outside the repository', () => {
  let place: TestDatabase
  let folder: string

  beforeAll(async () => {
    place = await migratedDatabase()
  })

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'consumer-'))
    const links = {
      '@socrates/db-specs': root,
      '@swc/jest': dirname(require.resolve('@swc/jest/package.json')),
      jest: dirname(require.resolve('jest/package.json')),
    }
    for (const [name, target] of Object.entries(links)) {
      const link = join(folder, 'node_modules', name)
      await mkdir(dirname(link), { recursive: true })
      await symlink(target, link, 'junction')
    }
  })

  afterAll(async () => {
    await rm(folder, { recursive: true })
    await place.drop()
  })

  /** As a user's shell would: nothing of this test run reaches the program. */
  async function node(args: readonly string[], more: NodeJS.ProcessEnv = {}) {
    const { NODE_OPTIONS: _, JEST_WORKER_ID: __, ...env } = process.env
    return run(process.execPath, args, {
      cwd: folder,
      env: { ...env, [database.urlVariable]: place.url, ...more },
    })
  }

  async function write(files: Readonly<Record<string, string | object>>) {
    for (const [name, content] of Object.entries(files)) {
      await writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
    }
  }

  test('imports the client with node alone', async () => {
    await write({ 'package.json': { type: 'module' }, 'program.ts': program })
    expect(await node(['program.ts'])).toEqual({ stdout: '0 active SELECT $1\n', stderr: '' })
  })

  test('requires the client from CommonJS', async () => {
    const required = use
      .replace(/^import type .*$/m, '')
      .replace(/^import (.*) from (.*)$/m, 'const $1 = require($2)')
      .replaceAll(/: (SpecsClient|Promise<string>)/g, '')
    await write({ 'program.cjs': `${required}\nuse().then(console.log)\n` })
    expect(await node(['program.cjs'])).toEqual({ stdout: '0 active SELECT $1\n', stderr: '' })
  })

  test('imports the client in jest as it comes, which is CommonJS', async () => {
    await write({
      'package.json': {},
      'use.test.ts': specification,
      'jest.config.json': { transform: { '\\.ts$': ['@swc/jest', swc] } },
    })
    const { stderr } = await node(['node_modules/jest/bin/jest.js', '--no-cache'])
    expect(stderr).toContain('1 passed, 1 total')
  })

  test('imports the client in jest with ES modules', async () => {
    await write({
      'package.json': { type: 'module' },
      'use.test.ts': specification,
      'jest.config.json': {
        extensionsToTreatAsEsm: ['.ts'],
        transform: { '\\.ts$': ['@swc/jest', { ...swc, module: { type: 'es6' } }] },
      },
    })
    const args = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--no-cache']
    const { stderr } = await node(args)
    expect(stderr).toContain('1 passed, 1 total')
  })

  test('is told what to do when the URL is not set', async () => {
    await write({ 'package.json': { type: 'module' }, 'program.ts': program })
    const refused = node(['program.ts'], { [database.urlVariable]: '' })
    await expect(refused).rejects.toMatchObject({ stderr: expect.stringContaining('Run "pnpm db:url"') })
  })
})
