import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { expectFailure } from './support/failure.ts'
import { makeGuardedProject, triggersIn } from './support/guarded.ts'
import type { Project } from './support/project.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

let tenant: Tenant
let project: Project

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
beforeEach(async () => {
  project = makeGuardedProject(tenant)
  expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0 })
})
afterEach(() => project.dispose())

const status = async (...args: readonly string[]) => {
  const { stdout, stderr, exitCode } = await project.db(['integrity', 'status', '--json', ...args])
  expect(stderr).toBe('')
  return { exitCode, ...JSON.parse(stdout) }
}
const kindsIn = ({ findings }: { findings: readonly { kind: string }[] }) => findings.map(({ kind }) => kind)

describe('db integrity status', () => {
  test('says of each reference that it is kept', async () => {
    expect(await project.db(['integrity', 'status'])).toEqual({
      exitCode: 0,
      stderr: '',
      stdout: `✅ specs.public.projects.user_id → auth.public.users.id  Cascade
✅ specs.public.notes.user_id → auth.public.users.id  SetNull
specs after auth: nothing to sweep; refused 0 writes, 0 to be retried, 0 deleted ids, 0 deletions
`,
    })
  })

  test('finds a trigger that is missing, and says what to do', async () => {
    await project.query('specs', 'DROP TRIGGER integrity_fence_insert_user_id ON notes')
    const found = await status()
    expect(found).toMatchObject({
      exitCode: 4,
      references: [{ isInPlace: true }, { isInPlace: false }],
      findings: [
        {
          kind: 'integrity.out-of-step',
          database: 'specs',
          what: 'In specs trigger integrity_fence_insert_user_id on public.notes is missing.',
          fix: expect.stringContaining('pnpm db:migrate'),
        },
      ],
    })
  })

  test('tells of a trigger once, where both sides lie in one PostgreSQL database', async () => {
    const at = (schema: string) => `${project.url('auth')}?schema=${schema}`
    const env = { DATABASE_URL_AUTH: at('people'), DATABASE_URL_SPECS: at('work') }
    expect(await project.db(['migrate'], { env })).toMatchObject({ exitCode: 0 })
    await project.query(
      'auth',
      `DROP TRIGGER integrity_fence_insert_user_id ON work.notes;
       ALTER TABLE people.users DISABLE TRIGGER integrity_capture_id`,
    )
    const { stdout } = await project.db(['integrity', 'status', '--json'], { env })
    expect(JSON.parse(stdout).findings).toMatchObject([
      { database: 'auth', what: expect.stringContaining('on people.users isn’t') },
      { database: 'specs', what: expect.stringContaining('on work.notes is missing') },
    ])
  })

  test('finds that nothing is installed', async () => {
    expect(await project.db(['integrity', 'uninstall', '--yes'])).toMatchObject({
      exitCode: 0,
      stdout: '✅ integrity of auth: removed\n✅ integrity of specs: removed\n',
    })
    expect(await triggersIn(project, 'specs')).toEqual([])
    const found = await status()
    expect(found.exitCode).toBe(4)
    expect(kindsIn(found)).toEqual(['integrity.not-installed', 'integrity.not-installed'])
  })

  test('finds that a database is not there, and takes none of its references for kept', async () => {
    const env = { DATABASE_URL_SPECS: tenant.url('nowhere') }
    const { stdout, exitCode } = await project.db(['integrity', 'status', '--json'], { env })
    expect(exitCode).toBe(4)
    const found = JSON.parse(stdout)
    expect(found.findings).toMatchObject([{ kind: 'integrity.not-installed', database: 'specs' }])
    expect(found.references).toMatchObject([{ isInPlace: false }, { isInPlace: false }])
  })

  test('finds deletions that nobody sweeps, and refusals', async () => {
    const id = '00000000-0000-0000-0000-000000000001'
    await project.query('auth', `INSERT INTO users VALUES ('${id}'); DELETE FROM users`)
    await expect(project.query('auth', `INSERT INTO users VALUES ('${id}')`)).rejects.toThrow()
    const fresh = await status()
    expect(fresh).toMatchObject({
      exitCode: 0,
      links: [{ source: 'auth', referencing: 'specs', referenced: { waiting: 1, refused: { reuses: 1 } } }],
    })
    expect(kindsIn(await status('--max-lag', '1ms'))).toEqual(['integrity.lag'])
  })

  test('gives the numbers to a monitor, and leaves it to judge', async () => {
    await project.query(
      'auth',
      `INSERT INTO users VALUES ('00000000-0000-0000-0000-000000000001'); DELETE FROM users`,
    )
    const { stdout, exitCode } = await project.db(['integrity', 'status', '--metrics', '--max-lag', '1ms'])
    expect(exitCode).toBe(0)
    const lines = stdout.split('\n')
    expect(lines).toContain('integrity_waiting_deletions{source="auth",referencing="specs"} 1')
    expect(lines).toContain('integrity_findings{database="specs",kind="integrity.lag"} 1')
    expect(stdout).toMatch(/^integrity_visible_lag_seconds\{source="auth",referencing="specs"\} [\d.]*[1-9]/m)
  })

  test('finds that somebody has stopped the sweeping', async () => {
    await project.query(
      'specs',
      `INSERT INTO integrity.control (source, state, reason) VALUES ('auth', 'paused', 'a restore')`,
    )
    expect((await status()).findings).toMatchObject([
      { kind: 'integrity.paused', what: expect.stringContaining('a restore') },
    ])
  })

  test('finds rights that the guard and the sweeper lack', async () => {
    const reader = await tenant.createRole('')
    for (const database of ['auth', 'specs']) {
      await project.query(
        database,
        `GRANT USAGE ON SCHEMA integrity TO ${reader.role};
         GRANT SELECT ON ALL TABLES IN SCHEMA integrity, public TO ${reader.role};
         GRANT SELECT ON ALL SEQUENCES IN SCHEMA integrity TO ${reader.role}`,
      )
    }
    const env = {
      DATABASE_URL_AUTH: tenant.url(project.databaseName('auth'), reader),
      DATABASE_URL_SPECS: tenant.url(project.databaseName('specs'), reader),
    }
    const { stdout, exitCode } = await project.db(['integrity', 'status', '--json'], { env })
    expect(exitCode).toBe(4)
    expect(kindsIn(JSON.parse(stdout))).toEqual(['integrity.lock-right', 'integrity.blind'])

    await project.query('auth', `GRANT UPDATE (name) ON users TO ${reader.role}`)
    const after = await project.db(['integrity', 'status', '--json'], { env })
    expect(kindsIn(JSON.parse(after.stdout))).toEqual(['integrity.blind'])
    await project.query('auth', `INSERT INTO users VALUES ('00000000-0000-0000-0000-000000000002')`)
    const { Client } = await import('pg')
    const client = new Client({ connectionString: env.DATABASE_URL_AUTH })
    await client.connect()
    try {
      expect((await client.query('SELECT id FROM users FOR KEY SHARE')).rowCount).toBe(1)
    } finally {
      await client.end()
    }
  })
})

describe('db integrity uninstall', () => {
  test('asks, and takes --yes where nobody can answer', async () => {
    expect(await project.db(['integrity', 'uninstall'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('[answer.missing]'),
    })
    expect(await triggersIn(project, 'specs')).not.toEqual([])
  })

  test('takes nothing from a database that isn’t selected and shares the schema integrity', async () => {
    const at = (schema: string) => `${project.url('auth')}?schema=${schema}`
    const env = { DATABASE_URL_AUTH: at('people'), DATABASE_URL_SPECS: at('work') }
    expect(await project.db(['migrate'], { env })).toMatchObject({ exitCode: 0 })
    const before = await triggersIn(project, 'auth')
    const one = await project.db(['integrity', 'uninstall', '--only', 'specs', '--yes'], { env })
    expectFailure(one, {
      code: 'integrity.shared',
      exitCode: 2,
      what: 'auth lies in one PostgreSQL database with specs.',
      why: 'They share its schema integrity',
      fix: '--only specs --only auth',
    })
    expect(await triggersIn(project, 'auth')).toEqual(before)
    const both = ['integrity', 'uninstall', '--only', 'specs', '--only', 'auth', '--yes']
    expect(await project.db(both, { env })).toMatchObject({ exitCode: 0 })
    expect(await triggersIn(project, 'auth')).toEqual([])
  })

  test('is what the next migration undoes, as long as the catalog has integrity', async () => {
    const { stderr } = await project.db(['integrity', 'uninstall', '--yes'])
    expect(stderr).toContain('installs it again')
    await project.db(['migrate'])
    expect((await status()).exitCode).toBe(0)
  })
})
