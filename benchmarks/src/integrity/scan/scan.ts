import type { Client } from 'pg'
import { type Contestant, hold, timed } from '../contest.ts'
import { foreignUsers } from '../foreign-server.ts'
import type { Part } from '../part.ts'
import { migrate, tables, type Urls } from '../project.ts'
import { makeSessions } from '../sessions.ts'
import { addGhosts, addPosts, addUsers } from './population.ts'
import { mustBeGhosts, scanOnce } from './session.ts'

const users = 1_000_000

/** All rows are compared with what they name. */
export const scan: Part = {
  title: 'Which of 5,000,000 rows name none of 1,000,000 users?',
  unit: 'ms',
  async measure(place, rounds) {
    await using sessions = await makeSessions(place.server, 'scan', ['auth', 'specs', 'one'])
    const [auth, specs, one] = [sessions.client('auth'), sessions.client('specs'), sessions.client('one')]
    const urls = { auth: sessions.url('auth'), specs: sessions.url('specs') }
    await migrate(place, 'scan', urls, tables.users)
    await one.query(`${tables.users}\n${tables.posts}`)
    await specs.query(foreignUsers(urls.auth))
    for (const client of [auth, one]) await addUsers(client, 1, users)
    for (const client of [specs, one]) {
      await addPosts(client, 1, users)
      await addGhosts(client)
    }
    return await hold(makeContestants(one, specs, urls), {
      rounds,
      warmUp: true,
      settle: place.server.settle,
    })
  },
}

function makeContestants(one: Client, specs: Client, urls: Urls): readonly Contestant[] {
  const antiJoin = (client: Client, table: string, settings = '') =>
    timed(async () => {
      await client.query(`BEGIN; ${settings}`)
      const { rows } = await client.query<{ orphans: number }>(
        `SELECT count(*)::integer AS orphans FROM posts AS p WHERE NOT EXISTS (SELECT FROM ${table} AS u WHERE u.id = p.user_id)`,
      )
      await client.query('COMMIT')
      mustBeGhosts(rows[0]?.orphans)
    })
  const merge = 'SET LOCAL enable_hashjoin = off; SET LOCAL max_parallel_workers_per_gather = 0'
  return [
    {
      key: 'merge',
      label: 'merge anti-join of two indexes in one database',
      base: 'merge',
      run: () => antiJoin(one, 'users', merge),
    },
    {
      key: 'planned',
      label: 'anti-join in one database, as the server plans it',
      base: 'merge',
      run: () => antiJoin(one, 'users'),
    },
    { key: 'scan', label: 'scan', base: 'merge', atMost: 1.7, run: () => timed(() => scanOnce(urls)) },
    {
      key: 'fdw',
      label: 'anti-join through postgres_fdw',
      base: 'merge',
      run: () => antiJoin(specs, 'foreign_users'),
    },
  ]
}
