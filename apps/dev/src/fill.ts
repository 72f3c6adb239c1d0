import { seed, seededPassword } from '@socrates/seed'
import pg from 'pg'

/** A hundred users, the same every time but for the present that their rows end at. */
const scale = { seed: 1, users: 100 }

/**
 * Seeds databases that have no users.
 * @param databases their URLs
 * @returns a seeded account that may sign in; undefined when there is none any more
 */
export async function fillIfEmpty(databases: { readonly auth: string; readonly specs: string }) {
  if (!(await hasUsers(databases.auth))) {
    const places = { auth: placeOf(databases.auth), specs: placeOf(databases.specs) }
    await seed(places, { ...scale, until: Date.now() })
  }
  const email = await findSeeded(databases)
  return email === undefined ? undefined : { email, password: seededPassword }
}

/** The driver doesn't know Prisma's own parameter. */
function placeOf(text: string) {
  const url = new URL(text)
  const schema = url.searchParams.get('schema') ?? undefined
  url.searchParams.delete('schema')
  return { url: url.href, ...(schema !== undefined && { schema }) }
}

async function hasUsers(auth: string): Promise<boolean> {
  const [row] = await ask<{ there: boolean }>(auth, 'SELECT EXISTS (SELECT FROM users) AS there')
  return row?.there === true
}

/** Somebody with projects to look at. Seeded users share hashes, which nobody does who has signed up. */
async function findSeeded({ auth, specs }: { readonly auth: string; readonly specs: string }) {
  const busy = await ask<{ id: string }>(
    specs,
    'SELECT user_id::text AS id FROM projects GROUP BY user_id ORDER BY count(*) DESC, user_id',
  )
  const seeded = await ask<{ id: string; email: string }>(
    auth,
    `SELECT id::text AS id, email FROM users WHERE status = 'active' AND hashed_password IN
       (SELECT hashed_password FROM users GROUP BY hashed_password HAVING count(*) > 1)`,
  )
  const emails = new Map(seeded.map(({ id, email }) => [id, email]))
  return busy.map(({ id }) => emails.get(id)).find((email) => email !== undefined)
}

async function ask<R extends pg.QueryResultRow>(url: string, sql: string): Promise<R[]> {
  const { url: connectionString, schema = 'public' } = placeOf(url)
  const client = new pg.Client({ connectionString, options: `-c search_path=${schema}` })
  await client.connect()
  try {
    return (await client.query<R>(sql)).rows
  } finally {
    await client.end()
  }
}
