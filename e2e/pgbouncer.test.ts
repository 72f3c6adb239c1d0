import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { guardReferences, isReferenceViolation } from '@manybase/app-validation/guard'
import { createAuthClient } from '@socrates/db-auth'
import { createSpecsClient } from '@socrates/db-specs'
import { expectFailure } from './support/failure.ts'
import { describeBehindPgbouncer, type Pooler, startPgbouncer } from './support/pgbouncer.ts'
import { makeSocrates, makeTemplate, type Socrates } from './support/socrates.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

let tenant: Tenant
let socrates: Socrates

const person = () => {
  const username = randomUUID()
  const data = { username, email: `${username}@example.org`, hashedPassword: 'x', name: 'Ada', surname: 'L' }
  return { data }
}

/** What a process is told that reaches both databases through the pooler. */
const environmentOf = ({ through }: Pooler) => ({
  DATABASE_URL_AUTH: through(socrates.urls.socrates_auth),
  DATABASE_URL_SPECS: through(socrates.urls.socrates_specs),
})

describeBehindPgbouncer('behind PgBouncer', () => {
  beforeAll(async () => {
    tenant = await makeTenant()
    socrates = await makeSocrates(await makeTemplate(tenant))
  })
  afterAll(async () => {
    await socrates.dispose()
    await tenant.dispose()
  })

  describe('that lends a connection for each transaction', () => {
    let pooler: Pooler
    beforeAll(async () => {
      pooler = await startPgbouncer(tenant, { mode: 'transaction', size: 25 })
    })
    afterAll(() => pooler.stop())

    test('clients and guard work', async () => {
      const urls = environmentOf(pooler)
      const auth = createAuthClient({ url: urls.DATABASE_URL_AUTH })
      const specs = guardReferences(createSpecsClient({ url: urls.DATABASE_URL_SPECS }), { auth })
      try {
        const { id: userId } = await auth.user.create(person())
        const project = (name: string) => ({ data: { userId, name } })
        await Promise.all(
          Array.from({ length: 20 }, async (_, index) => {
            await specs.project.create(project(`single ${index}`))
            await specs.$transaction([specs.project.create(project(`batch ${index}`))])
            await specs.$transaction(async (tx) => {
              await tx.project.create(project(`interactive ${index}`))
              await tx.project.count({ where: { userId } })
            })
          }),
        )
        expect(await specs.project.count({ where: { userId } })).toBe(60)
        const stray = specs.project.create({ data: { userId: randomUUID(), name: 'nobody’s' } })
        expect(isReferenceViolation(await stray.catch((error: unknown) => error))).toBe(true)
      } finally {
        await Promise.all([specs.$disconnect(), auth.$disconnect()])
      }
    })

    test.each([
      'pnpm db downgrade specs@-1 --yes',
      'pnpm db integrity sweep',
      'pnpm db integrity scan',
      `pnpm db integrity delete ${randomUUID()} --yes`,
    ])('%s is refused, and leaves no lock', async (line) => {
      expectFailure(await socrates.type(line, { env: environmentOf(pooler) }), {
        code: 'server.pooled',
        exitCode: 2,
        what: 'is reached through a pooler that shares its connections.',
        why: 'Locks, LISTEN and settings belong to a session',
        fix: 'Give this process the URL of the server itself',
      })
      expect(await socrates.type('pnpm db upgrade --lock-wait 0')).toMatchObject({ exitCode: 0 })
    })
  })

  test('that has nothing free for a second look is found out all the same', async () => {
    const pooler = await startPgbouncer(tenant, { mode: 'transaction', size: 1 })
    try {
      const swept = await socrates.type('pnpm db integrity sweep', { env: environmentOf(pooler) })
      expect(swept).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('[server.pooled]') })
    } finally {
      await pooler.stop()
    }
  })

  test('one that keeps a connection for each client is as good as the server', async () => {
    const pooler = await startPgbouncer(tenant, { mode: 'session', size: 25 })
    try {
      const env = environmentOf(pooler)
      for (const line of ['pnpm db downgrade specs@-1 --yes', 'pnpm db upgrade specs@head']) {
        const { exitCode, stderr } = await socrates.type(line, { env })
        expect({ line, exitCode, stderr }).toEqual({ line, exitCode: 0, stderr })
      }
    } finally {
      await pooler.stop()
    }
  })
})
