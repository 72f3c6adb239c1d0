import { describe, expect, test } from '@jest/globals'
import type { DatabaseDescription } from '../databases/database.ts'
import { readStatus } from '../status/read-status.ts'
import { sweepOnce } from '../sweep/round.ts'
import { makePair, type Pair } from '../testing/pair.ts'
import { deleteReferenced, readDeletion, verifyDeletions } from './index.ts'

const at = (url: string) => () => ({ connectionString: url })

/** Both sides as their packages would describe them. */
function describeSides({ a, b, references }: Pair) {
  const models = { User: { schema: null, table: 'users', fields: {}, relations: {} } }
  const auth = { $database: { name: 'auth', references: [], models, pool: at(a.url) } }
  const specs: DatabaseDescription = { name: 'specs', references, models: {}, pool: at(b.url) }
  return { auth, specs }
}

async function makeUsers(): Promise<Pair & ReturnType<typeof describeSides>> {
  const pair = await makePair()
  await pair.a.client.query("INSERT INTO users SELECT n, '' FROM generate_series(1, 3) AS n")
  await pair.b.client.query(
    'INSERT INTO projects (user_id) VALUES (1), (1), (2); INSERT INTO logs (user_id) VALUES (1)',
  )
  return { ...pair, ...describeSides(pair) }
}

const sweep = async ({ a, b, link }: Pair) =>
  await sweepOnce({ a: await a.connect(), b: await b.connect() }, link)

describe('a deletion by clients', () => {
  test('says who is deleted, and after the sweep what was done, with nothing left', async () => {
    await using pair = await makeUsers()
    const { auth, specs } = pair
    expect(await deleteReferenced(auth, { specs }, { model: 'User', ids: [1, 99] })).toEqual({
      deleted: ['1'],
    })
    expect(await readDeletion(auth, { specs }, { model: 'User', id: 1 })).toMatchObject({
      id: '1',
      isSwept: false,
      databases: [{ database: 'specs', receipt: null }],
    })
    await sweep(pair)
    expect(await readDeletion(auth, { specs }, { model: 'User', id: 1 })).toMatchObject({
      isSwept: true,
      databases: [
        {
          receipt: {
            done: {
              'public.projects.user_id': { action: 'Cascade', rows: 2, left: 0 },
              'public.logs.user_id': { action: 'Keep', rows: 0, left: 1 },
            },
          },
        },
      ],
    })
    expect(await readDeletion(auth, { specs }, { model: 'User', id: 2 })).toBeNull()
    expect(await verifyDeletions(auth, { specs })).toEqual([{ database: 'specs', broken: [] }])
    await pair.b.client.query("UPDATE integrity.receipt SET done = '{}'")
    expect(await verifyDeletions(auth, { specs })).toMatchObject([{ broken: [{ batch: 1 }] }])
  })

  test('is refused with the references that forbid it, ready for an HTTP API', async () => {
    await using pair = await makeUsers()
    const { auth, specs } = pair
    await pair.b.client.query('INSERT INTO invoices (user_id) VALUES (1), (1)')
    const refused = await deleteReferenced(auth, { specs }, { model: 'User', ids: [1, 2] }).catch(
      (error) => error,
    )
    expect(refused).toMatchObject({
      name: 'DeletionRestricted',
      code: 'P2003',
      database: 'auth',
      restricting: [{ reference: { table: 'invoices' }, ids: ['1'], rows: 2 }],
    })
    expect(refused.toProblem()).toMatchObject({
      status: 409,
      retryable: false,
      detail: 'User can’t be deleted. 2 rows of invoices in specs name it in user_id.',
      errors: [{ constraint: 'fk_invoices_user_id', values: ['1'] }],
    })
    expect((await pair.a.client.query('SELECT FROM users')).rows).toHaveLength(3)
  })

  test('that waits too long is to be tried again, and the answer names nobody', async () => {
    await using pair = await makeUsers()
    const { auth, specs } = pair
    const long = await pair.b.connect()
    await long.query("SET application_name = 'report'; BEGIN; SELECT 1")
    const undecided = await deleteReferenced(
      auth,
      { specs },
      { model: 'User', ids: [1] },
      { timeout: 100 },
    ).catch((error) => error)
    expect(undecided).toMatchObject({
      name: 'DeletionUndecided',
      reason: 'held',
      database: 'specs',
      message: expect.stringContaining('report'),
    })
    expect(undecided.toProblem()).toMatchObject({
      status: 503,
      retryable: true,
      detail: expect.not.stringContaining('report'),
    })
    await long.query('COMMIT')
    await deleteReferenced(auth, { specs }, { model: 'User', ids: [1] })
  })

  test('names the database that it can’t reach, and leaves no connection to the others', async () => {
    await using pair = await makeUsers()
    const { auth, specs } = pair
    const away = { ...specs, pool: at('postgresql://nobody@127.0.0.1:1/nowhere') }
    await expect(deleteReferenced(auth, { away }, { model: 'User', ids: [1] })).rejects.toMatchObject({
      name: 'DeletionUndecided',
      reason: 'unreachable',
      database: 'specs',
    })
    const { rows } = await pair.a.client.query(
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'manybase delete'",
    )
    expect(rows).toHaveLength(0)
  })

  test('of what nothing refers to is left to the client itself', async () => {
    await using pair = await makeUsers()
    await expect(deleteReferenced(pair.auth, {}, { model: 'User', ids: [1] })).rejects.toMatchObject({
      code: 'delete.unreferenced',
    })
  })
})

test('the status of databases that clients describe has their queue, and says where nothing is installed', async () => {
  await using pair = await makeUsers()
  const { auth, specs } = pair
  await deleteReferenced(auth, { specs }, { model: 'User', ids: [1] })
  const options = { maxLag: 60_000, now: new Date(Date.now() + 120_000) }
  expect(await readStatus({ auth, specs }, options)).toMatchObject({
    links: [{ source: 'auth', referencing: 'specs', referenced: { waiting: 1 } }],
    findings: [{ kind: 'integrity.lag', database: 'specs' }],
  })
  await pair.b.client.query('DROP SCHEMA integrity CASCADE')
  expect(await readStatus({ auth, specs })).toMatchObject({
    links: [],
    findings: [{ kind: 'integrity.not-installed', database: 'specs' }],
  })
})
