import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { datasource, makePrismaProject, type PrismaProject } from './support/prisma-project.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

let tenant: Tenant
let project: PrismaProject

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
beforeEach(async () => {
  const database = tenant.newName()
  await tenant.createDatabase(database)
  project = makePrismaProject(tenant.url(database), datasource)
  project.migration('001_slow', 'SELECT pg_sleep(60);')
})
afterEach(() => project.dispose())

const sessions = () =>
  tenant.asAdmin(`SELECT query FROM pg_stat_activity WHERE usename = '${tenant.role}' AND state IS NOT NULL`)
const shadows = () =>
  tenant.asAdmin(`SELECT datname FROM pg_database
    WHERE datname LIKE 'prisma_migrate_shadow_db_%' AND datdba = '${tenant.role}'::regrole`)

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 15_000
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('waited for 15 s in vain')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const deploy = ['migrate', 'deploy']
const diff = ['migrate', 'diff', '--from-migrations', 'prisma/migrations', '--to-empty']

test.each([
  ['SIGINT of the terminal', 'SIGINT', 'group', deploy],
  ['SIGINT of the terminal', 'SIGINT', 'group', diff],
  ['SIGTERM of the CLI', 'SIGTERM', 'cli', deploy],
  ['SIGTERM of the CLI', 'SIGTERM', 'cli', diff],
  ['SIGKILL of the CLI', 'SIGKILL', 'cli', deploy],
  ['SIGKILL of the CLI', 'SIGKILL', 'cli', diff],
] as const)(
  '%s ends the engine, its connections and its shadow database: %s %s %j',
  async (_, signal, target, args) => {
    const { child, result } = project.startPrisma(args)
    await until(async () => (await sessions()).some(({ query }) => String(query).includes('pg_sleep')))
    const pid = child.pid ?? 0
    expect(pid).toBeGreaterThan(0)
    process.kill(target === 'group' ? -pid : pid, signal)
    expect((await result).exitCode).not.toBe(0)
    await until(async () => (await sessions()).length === 0)
    expect(await shadows()).toEqual([])
    // Nobody of the command's process group is left.
    await until(async () => !isAlive(-pid))
  },
)

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
