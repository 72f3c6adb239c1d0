import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { node, root, start } from './support/run.ts'
import { said } from './support/said.ts'
import { makeTenant, query, type Tenant } from './support/tenant.ts'

let tenant: Tenant
let env: { readonly DATABASE_URL_AUTH: string; readonly DATABASE_URL_SPECS: string }

beforeAll(async () => {
  tenant = await makeTenant()
  env = {
    DATABASE_URL_AUTH: tenant.url(tenant.newName()),
    DATABASE_URL_SPECS: tenant.url(tenant.newName()),
  }
})
afterAll(() => tenant.dispose())

/** Starts everything, and reads what it says once it is up. */
async function up() {
  const { child, result } = start(node, [join(root, 'apps/dev/bin/dev.js')], {
    cwd: root,
    env: { ...env, API_PORT: '0', API_LOG_LEVEL: 'warn', DB_LOG: join(root, '.cache/dev-test.log') },
  })
  const whole = /API {8}(\S+)\/v1[\s\S]*sign in {4}(\S+), (.*)[\s\S]*Ctrl-C ends it/
  const [, url = '', email = '', password = ''] = await said(child.stdout, whole)
  return { child, result, url, email, password }
}

const users = () => query(env.DATABASE_URL_AUTH, 'SELECT count(*)::int AS users FROM users')

async function signIn({ url, email, password }: Awaited<ReturnType<typeof up>>) {
  const response = await fetch(`${url}/v1/auth/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: JSON.stringify({ email, password }),
  })
  return response.status
}

test('pnpm dev makes databases, users and an API that they can sign in to, and keeps them the next time', async () => {
  const first = await up()
  expect(await signIn(first)).toBe(200)
  expect(await users()).toEqual([{ users: 100 }])
  first.child.kill('SIGINT')
  expect((await first.result).exitCode).toBe(0)
  await query(env.DATABASE_URL_AUTH, "UPDATE users SET name = 'Changed'")

  const second = await up()
  expect(second.email).toBe(first.email)
  expect(await signIn(second)).toBe(200)
  expect(await query(env.DATABASE_URL_AUTH, 'SELECT DISTINCT name FROM users')).toEqual([{ name: 'Changed' }])
  second.child.kill('SIGINT')
  expect((await second.result).exitCode).toBe(0)
})
