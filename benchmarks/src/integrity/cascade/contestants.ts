import { type Contestant, timed } from '../contest.ts'
import { withSweep } from '../project.ts'
import type { Sessions } from '../sessions.ts'
import { startQueue } from './queue.ts'
import { fill, mustBeEmpty, users } from './rows.ts'

/** `auth` and `specs` as they are migrated; `native` with a foreign key; `plain` with nothing. */
export const names = ['auth', 'specs', 'native', 'plain'] as const

export type Name = (typeof names)[number]

interface Field extends AsyncDisposable {
  readonly contestants: readonly Contestant[]
}

/** Those who delete all users, and what names them. */
export async function makeContestants(sessions: Sessions<Name>): Promise<Field> {
  const { client, url } = sessions
  const queue = await startQueue(url('plain'))
  const native: Contestant = {
    key: 'native',
    label: 'foreign key in one database, ON DELETE CASCADE',
    base: 'native',
    prepare: () => fill(client('native'), client('native')),
    async run() {
      const time = await timed(() => client('native').query('DELETE FROM users'))
      await mustBeEmpty(client('native'))
      return time
    },
  }
  const sweep: Contestant = {
    key: 'sweep',
    label: 'delete and sweep, with tombstones and receipts',
    base: 'native',
    atMost: 1,
    prepare: () => fill(client('auth'), client('specs')),
    async run() {
      const time = await withSweep({ auth: url('auth'), specs: url('specs') }, (sweepAll) =>
        timed(async () => {
          await client('auth').query('DELETE FROM users')
          const closed = await sweepAll()
          if (closed !== users) throw new Error(`${closed} of ${users} deletions were closed`)
        }),
      )
      await mustBeEmpty(client('specs'))
      return time
    },
  }
  const byHand: Contestant = {
    key: 'by_hand',
    label: 'delete, then delete what names them, and hope that nothing happens in between',
    base: 'native',
    prepare: () => fill(client('plain'), client('plain')),
    async run() {
      const time = await timed(async () => {
        const ids = await deleteUsers()
        await client('plain').query('DELETE FROM posts WHERE user_id = ANY ($1)', [ids])
      })
      await mustBeEmpty(client('plain'))
      return time
    },
  }
  const jobs: Contestant = {
    key: 'jobs',
    label: 'delete, and a job of graphile-worker for each user, eight at once',
    base: 'native',
    prepare: () => fill(client('plain'), client('plain')),
    async run() {
      const time = await timed(async () => queue.work(await deleteUsers()))
      await mustBeEmpty(client('plain'))
      return time
    },
  }
  const deleteUsers = async (): Promise<readonly string[]> => {
    const { rows } = await client('plain').query<{ id: string }>('DELETE FROM users RETURNING id')
    return rows.map(({ id }) => id)
  }
  return {
    contestants: [native, sweep, byHand, jobs],
    [Symbol.asyncDispose]: queue[Symbol.asyncDispose],
  }
}
