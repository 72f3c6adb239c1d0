import type { Client } from 'pg'

/** How much is deleted in a round. */
export const users = 10_000
const rowsEach = 50

/** New users, since an id is never used again, and as many rows for each of them, in the order of chance. */
export async function fill(ofUsers: Client, ofPosts: Client): Promise<void> {
  const ids = Array.from({ length: users }, () => crypto.randomUUID())
  await ofUsers.query('INSERT INTO users SELECT unnest($1::uuid[])', [ids])
  await ofPosts.query(
    `INSERT INTO posts (user_id, text) SELECT id, repeat('x', 100)
       FROM unnest($1::uuid[]) AS ids (id), generate_series(1, $2::integer) ORDER BY random()`,
    [ids, rowsEach],
  )
  await ofUsers.query('VACUUM ANALYZE users')
  await ofPosts.query('VACUUM ANALYZE posts')
}

/** @throws when rows are left */
export async function mustBeEmpty(ofPosts: Client): Promise<void> {
  const { rows } = await ofPosts.query<{ left: boolean }>('SELECT EXISTS (SELECT FROM posts) AS left')
  if (rows[0]?.left !== false) throw new Error('rows are left')
}
