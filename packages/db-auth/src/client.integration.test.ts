import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { TestDatabase } from '@manybase/local-postgres/testing'
import { testServer } from '@manybase/local-postgres/testing'
import type { AuthClient, ClientOptions, LogEntry, SlowQuery } from './index.ts'
import { AdminStatus, createAuthClient, Prisma, TokenRevocationReason, UserStatus } from './index.ts'
import { readHistory } from './testing/history.ts'
import { connect, migratedDatabase } from './testing/migrated-database.ts'

const hash = () => (randomUUID() + randomUUID()).replaceAll('-', '')
const hour = 3_600_000

function person(more: Partial<Prisma.UserCreateInput> = {}): Prisma.UserCreateInput {
  const username = randomUUID()
  const names = { name: 'Ada', surname: 'Lovelace', hashedPassword: '$argon2id$…' }
  return { username, email: `${username}@example.com`, ...names, ...more }
}

describe('createAuthClient', () => {
  let place: TestDatabase
  let client: AuthClient

  beforeAll(async () => {
    place = await migratedDatabase()
    client = createAuthClient({ url: place.url, log: { levels: [] } })
  })

  afterAll(async () => {
    await client.$disconnect()
    await place.drop()
  })

  async function withClient<T>(options: ClientOptions, act: (client: AuthClient) => Promise<T>): Promise<T> {
    const other = createAuthClient({ url: place.url, ...options })
    try {
      return await act(other)
    } finally {
      await other.$disconnect()
    }
  }

  const code = (error: unknown) =>
    error instanceof Prisma.PrismaClientKnownRequestError ? error.code : error
  const refusal = async (promise: PromiseLike<unknown>) => promise.then(() => 'done', code)

  describe('in its database', () => {
    test('adds a user, with what the server fills in', async () => {
      const [before] = await client.$queryRaw<[{ now: Date }]>`SELECT now()`
      const user = await client.user.create({ data: person() })
      expect(user).toMatchObject({
        status: UserStatus.active,
        locale: 'en',
        metadata: {},
        anonymizedAt: null,
      })
      expect(user.createdAt.getTime()).toBeGreaterThanOrEqual(before.now.getTime())
      expect(user.updatedAt).toEqual(user.createdAt)
    })

    test('has times from the server alone, whatever the clock or the wish of the caller', async () => {
      const { id, createdAt } = await client.user.create({ data: person() })
      const changed = await client.user.update({ where: { id }, data: { name: 'B', updatedAt: new Date(0) } })
      const unchanged = await client.user.update({ where: { id }, data: { name: 'B' } })
      expect(changed.updatedAt.getTime()).toBeGreaterThanOrEqual(createdAt.getTime())
      expect(unchanged.updatedAt).toEqual(changed.updatedAt)
      expect(changed.createdAt).toEqual(createdAt)
    })

    test('keeps one user for an address, in lower case', async () => {
      const { email } = await client.user.create({ data: person() })
      expect(await refusal(client.user.create({ data: person({ email }) }))).toBe('P2002')
      expect(await refusal(client.user.create({ data: person({ email: 'Ada@example.com' }) }))).toBe('P2039')
    })

    test('rotates refresh tokens within their family, and ends the family at once', async () => {
      const { id: userId } = await client.user.create({ data: person() })
      const familyId = randomUUID()
      const issue = () => ({ userId, familyId, tokenHash: hash(), expiresAt: new Date(Date.now() + hour) })
      const first = await client.refreshToken.create({ data: issue() })
      const next = await client.refreshToken.create({ data: issue() })
      await client.refreshToken.update({
        where: { id: first.id },
        data: { usedAt: new Date(), replacedById: next.id },
      })
      expect(await refusal(client.refreshToken.create({ data: { ...issue(), tokenHash: 'clear' } }))).toBe(
        'P2039',
      )
      await client.refreshToken.updateMany({
        where: { familyId },
        data: { revokedAt: new Date(), revocationReason: TokenRevocationReason.reuse_detected },
      })
      expect(await client.refreshToken.count({ where: { familyId, revokedAt: null } })).toBe(0)
      await client.user.delete({ where: { id: userId } })
      expect(await client.refreshToken.count({ where: { familyId } })).toBe(0)
    })

    test('lets go of no role in use and of no administrator with a trail', async () => {
      const user = await client.user.create({ data: person() })
      const role = await client.adminRole.create({
        data: { name: randomUUID(), permissions: ['users.suspend'] },
      })
      const grant = await client.adminUser.create({ data: { userId: user.id, roleId: role.id } })
      expect(grant.status).toBe(AdminStatus.active)
      expect(await refusal(client.adminRole.delete({ where: { id: role.id } }))).toBe('P2003')
      const trail = {
        adminUserId: grant.id,
        action: 'user.suspend',
        targetType: 'user',
        targetId: user.id,
      } as const
      const { id } = await client.adminAuditLog.create({ data: trail })
      expect(await refusal(client.user.delete({ where: { id: user.id } }))).toBe('P2003')
      await client.adminAuditLog.delete({ where: { id } })
      await client.user.delete({ where: { id: user.id } })
      await client.adminRole.delete({ where: { id: role.id } })
    })

    test('forgets who granted a role when that user goes, but not the role', async () => {
      const [granter, user] = [
        await client.user.create({ data: person() }),
        await client.user.create({ data: person() }),
      ]
      const { id: roleId } = await client.adminRole.create({ data: { name: randomUUID() } })
      const data = { userId: user.id, roleId, grantedById: granter.id }
      const { id } = await client.adminUser.create({ data })
      await client.user.delete({ where: { id: granter.id } })
      expect(await client.adminUser.findUnique({ where: { id } })).toMatchObject({ grantedById: null })
    })
  })

  describe('with options', () => {
    const settings = (other: AuthClient) => other.$queryRaw<{ name: string; setting: string }[]>`
      SELECT name, setting FROM pg_settings
      WHERE name IN ('application_name', 'statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout')
      ORDER BY name`

    test('has its limits enforced by the server', async () => {
      const timeouts = { statement: 1500, lock: 250, idleInTransaction: 9000 }
      const rows = await withClient({ applicationName: 'worker', timeouts }, settings)
      expect(rows.map((row) => row.setting)).toEqual(['worker', '9000', '250', '1500'])
    })

    test('goes by its own name and the server’s limits by default', async () => {
      const rows = await withClient({}, settings)
      expect(rows.map((row) => row.setting)).toEqual(['socrates_auth', '0', '0', '0'])
    })

    test('gives up a statement that takes too long', async () => {
      const options = { timeouts: { statement: 50 }, log: { levels: [] } }
      const slept = withClient(options, (other) => refusal(other.$queryRaw`SELECT pg_sleep(30)::text`))
      expect(await slept).toBe('P2010')
    })

    test('opens no more connections than allowed', async () => {
      const options = { pool: { size: 1 }, applicationName: 'narrow' }
      await withClient(options, async (other) => {
        await Promise.all([other.user.count(), other.user.count(), other.user.count()])
        const [{ count }] = await other.$queryRaw<[{ count: number }]>`
          SELECT count(*)::int FROM pg_stat_activity WHERE application_name = 'narrow'`
        expect(count).toBe(1)
      })
    })

    test('waits for a connection no longer than allowed', async () => {
      const options = { pool: { size: 1, connectionTimeout: 2000 }, log: { levels: [] } }
      await withClient(options, async (other) => {
        const busy = other.$queryRaw`SELECT pg_sleep(5)::text`.then(() => 'slept')
        const started = performance.now()
        await expect(other.user.count()).rejects.toThrow()
        expect(performance.now() - started).toBeLessThan(4500)
        expect(await busy).toBe('slept')
      })
    })

    test('finds the tables of another PostgreSQL schema, in raw SQL too', async () => {
      await using server = await (await testServer()).createDatabase()
      await using admin = await connect(server.url)
      await admin.query('CREATE SCHEMA "app one"; SET search_path = "app one"')
      for (const { up } of await readHistory()) await admin.query(up)
      const url = new URL(server.url)
      url.searchParams.set('schema', 'app one')
      await withClient({ url: url.href }, async (other) => {
        const { id } = await other.user.create({ data: person() })
        expect(await other.$queryRaw`SELECT id FROM users`).toEqual([{ id }])
      })
    })

    test('logs what it is told to, without values', async () => {
      const entries: LogEntry[] = []
      const slow: SlowQuery[] = []
      const slowQuery = { threshold: 0, report: (query: SlowQuery) => slow.push(query) }
      const log = {
        levels: ['query', 'error'] as const,
        write: (entry: LogEntry) => entries.push(entry),
        slowQuery,
      }
      await withClient({ log }, async (other) => {
        await other.user.create({ data: person({ hashedPassword: 'SECRET' }) })
        await refusal(other.user.findMany({ where: { id: 'SECRET' } }))
        await refusal(other.user.create({ data: person({ email: 'SECRET@example.com' }) }))
        await other.user
          .create({ data: { ...person(), hashedPassword: 'SECRET', no: 1 } as never })
          .catch(String)
      })
      expect(entries.map((entry) => entry.level)).toEqual(expect.arrayContaining(['query', 'error']))
      expect(entries.filter(({ level }) => level === 'error')).toHaveLength(3)
      expect(slow[0]?.message).toMatch(/^INSERT INTO "public"\."users"/)
      expect(JSON.stringify([entries, slow])).not.toContain('SECRET')
    })

    test('reports a lost connection as a warning, and goes on with another', async () => {
      const entries: LogEntry[] = []
      const log = { write: (entry: LogEntry) => entries.push(entry) }
      await withClient({ log, applicationName: 'lost' }, async (other) => {
        await other.user.count()
        await client.$queryRaw`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'lost'`
        while (entries.length === 0) await new Promise((done) => setTimeout(done, 10))
        expect(await other.user.count()).toBeGreaterThan(0)
      })
      expect(entries[0]).toMatchObject({
        level: 'warn',
        message: expect.stringContaining('terminating connection'),
      })
    })

    test('says nothing of the password when it is wrong', async () => {
      const url = new URL(place.url)
      url.password = 'SECRET-GUESS'
      const failed = await withClient({ url: url.href, log: { levels: [] } }, (other) =>
        other.user.count().then(() => 'trusted', String),
      )
      expect(failed).not.toContain('SECRET-GUESS')
    })
  })
})
