import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { datasource, makePrismaProject, type PrismaProject } from './support/prisma-project.ts'
import { node } from './support/run.ts'
import { makePassword } from './support/secrets.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

let tenant: Tenant
let project: PrismaProject

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
beforeEach(() => {
  project = makePrismaProject(tenant.url(tenant.newName()), `${datasource}model Pear {\n  id Int @id\n}\n`)
})
afterEach(() => project.dispose())

/** Commands that ask before they start the engine, and commands that leave it to the engine. */
const commands = [
  ['migrate', 'status'],
  ['migrate', 'deploy'],
  ['db', 'push'],
  ['db', 'execute', '--stdin'],
  ['migrate', 'diff', '--from-empty', '--to-config-datasource'],
] as const

const fail = async (args: readonly string[], url: string) => {
  const { exitCode, stdout, stderr } = await project.prisma(args, { env: { DATABASE_URL: url } })
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout })
  return stdout + stderr
}

describe.each(commands)('%s %s', (...args) => {
  test('a wrong password is P1000', async () => {
    const url = tenant.url('postgres', { role: tenant.role, password: makePassword() })
    const output = await fail(args, url)
    expect(output).toContain('P1000')
    expect(output).toContain(`credentials for \`${tenant.role}\` are not valid`)
  })

  test('an unreachable server is P1001', async () => {
    const url = new URL(project.url)
    url.port = '9'
    const output = await fail(args, url.href)
    expect(output).toContain('P1001')
    expect(output).toContain(`Can't reach database server at \`${url.hostname}:9\``)
  })
})

describe('a database that does not exist', () => {
  test.each(commands.filter(([, name]) => name !== 'deploy' && name !== 'push'))(
    'is P1003: %s %s',
    async (...args) => {
      const output = await fail(args, project.url)
      expect(output).toContain('P1003')
      expect(output).toContain(`Database \`${new URL(project.url).pathname.slice(1)}\` does not exist`)
    },
  )

  test('is created by db push', async () => {
    expect(await project.prisma(['db', 'push'])).toMatchObject({ exitCode: 0 })
  })

  test('is not created without the right to', async () => {
    const role = await tenant.createRole('NOCREATEDB')
    const output = await fail(['migrate', 'deploy'], tenant.url(tenant.newName(), role))
    expect(output).toContain('permission denied to create database')
  })
})

describe('a server without TLS', () => {
  test.each(['require', 'verify-full'])('is refused by sslmode=%s', async (mode) => {
    const url = new URL(project.url)
    url.searchParams.set('sslmode', mode)
    url.pathname = '/postgres'
    expect(await fail(['migrate', 'status'], url.href)).toContain('P1011')
  })

  test.each(['disable', 'prefer'])('is used by sslmode=%s', async (mode) => {
    const url = new URL(project.url)
    url.searchParams.set('sslmode', mode)
    expect(await project.prisma(['migrate', 'deploy'], { env: { DATABASE_URL: url.href } })).toMatchObject({
      exitCode: 0,
    })
  })
})

test('a panic of the engine ends the command with its message', async () => {
  const args = ['migrate', 'diff', '--from-empty', '--to-schema', 'prisma/schema.prisma']
  await project.prisma(['db', 'push'])
  const { exitCode, stdout, stderr } = await project.prisma(args, { env: { FORCE_PANIC_SCHEMA_ENGINE: '1' } })
  expect(exitCode).toBe(1)
  expect(stdout + stderr).toContain('This is the debugPanic artificial panic')
})

describe('a Node that cannot run TypeScript', () => {
  const oldNode = '--no-experimental-strip-types'

  test('hands over to the one of the workspace', async () => {
    project.write('old/node', `#!/bin/sh\nexec ${node} ${oldNode} "$@"\n`)
    chmodSync(join(project.directory, 'old/node'), 0o755)
    const env = { PATH: `${join(project.directory, 'old')}:${process.env.PATH}` }
    expect(await project.prisma(['db', 'push'], { env })).toMatchObject({ exitCode: 0 })
  })

  test('says which Node is needed where there is none', async () => {
    const env = { NODE_OPTIONS: oldNode }
    for (const args of [
      ['db', 'push'],
      ['migrate', 'diff', '--from-empty', '--to-config-datasource'],
    ]) {
      const { exitCode, stderr } = await project.prisma(args, { env })
      expect(exitCode).toBe(1)
      expect(stderr).toContain('needs Node 22.18 or newer')
    }
  })
})
