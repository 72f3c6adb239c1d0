import type { Client } from 'pg'

export const postsEach = 5
/** Users that some posts name, and that never were. */
export const ghosts = 10

/** The ids are spread over all uuids, and the same in every database. */
const idOf = (number: string): string => `md5((${number})::text)::uuid`

/** Makes users of the numbers from `first` to `last`. */
export async function addUsers(client: Client, first: number, last: number): Promise<void> {
  await client.query(`INSERT INTO users SELECT ${idOf('n')} FROM generate_series(${first}, ${last}) AS n`)
  await client.query('VACUUM ANALYZE users')
}

/** Gives these users their posts, in an order that has nothing to do with that of the ids. */
export async function addPosts(client: Client, first: number, last: number): Promise<void> {
  await client.query(`SET work_mem = '256MB'; SET maintenance_work_mem = '512MB'; DROP INDEX ix_posts_user_id;
    ALTER TABLE posts DISABLE TRIGGER USER`)
  await client.query(
    `INSERT INTO posts (user_id, text) SELECT ${idOf('n')}, ''
       FROM generate_series(${first}, ${last}) AS n, generate_series(1, ${postsEach}) AS post ORDER BY post, hashint4(n)`,
  )
  await client.query('CREATE INDEX ix_posts_user_id ON posts (user_id)')
  await client.query('VACUUM ANALYZE posts')
}

/** Posts of users that never were. */
export async function addGhosts(client: Client): Promise<void> {
  await client.query(
    `INSERT INTO posts (user_id, text) SELECT ${idOf('-n')}, '' FROM generate_series(1, ${ghosts}) AS n`,
  )
}
