import { hold } from '../contest.ts'
import type { Part } from '../part.ts'
import { migrate, tables } from '../project.ts'
import { makeSessions } from '../sessions.ts'
import { makeContestants, names } from './contestants.ts'

const foreignKey =
  'ALTER TABLE posts ADD CONSTRAINT fk_posts_user_id FOREIGN KEY (user_id) REFERENCES users ON DELETE CASCADE;'

/** Many users are deleted, and all that names them. */
export const cascade: Part = {
  title: '10,000 users with 500,000 rows are deleted',
  unit: 'ms',
  async measure(place, rounds) {
    await using sessions = await makeSessions(place.server, 'cascade', names)
    const urls = { auth: sessions.url('auth'), specs: sessions.url('specs') }
    await migrate(place, 'cascade', urls, tables.users)
    for (const name of ['native', 'plain'] as const) {
      await sessions.client(name).query(`${tables.users}\n${tables.posts}`)
    }
    await sessions.client('native').query(foreignKey)
    await using field = await makeContestants(sessions)
    return await hold(field.contestants, { rounds, settle: place.server.settle })
  },
}
