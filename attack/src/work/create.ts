import type { Client } from 'pg'
import type { Target } from '../place/tables.ts'
import type { Scene } from './scene.ts'

/** An INSERT of rows with the ids `$1`; those that are there stay as they are. */
const insertions: Readonly<Record<Target, string>> = {
  users: `INSERT INTO users (id, email, username, hashed_password, name, surname)
    SELECT id::uuid, id || '@example.org', id, 'x', 'N', 'S' FROM unnest($1::text[]) AS ids (id)`,
  // Ten members to a circle, ten circles to a realm.
  members: `WITH ids AS (SELECT id::bigint AS id FROM unnest($1::text[]) AS ids (id)),
    realm AS (INSERT INTO realms SELECT DISTINCT id / 100 FROM ids ON CONFLICT DO NOTHING),
    circle AS (INSERT INTO circles SELECT DISTINCT id / 10, id / 100 FROM ids ON CONFLICT DO NOTHING)
    INSERT INTO members SELECT id, id / 10 FROM ids`,
}

/** Makes so many more, durably: somebody whom a crash unmakes never was. */
export async function create({ place, people, random, book, tally }: Scene, target: Target, count: number) {
  // Far enough apart that no two calls share a realm, and a cascade takes only whom it means to.
  const first = people.count() * 100
  const ids = Array.from({ length: count }, (_, i) =>
    target === 'users' ? random.uuid() : String(first + i),
  )
  const client = await place.connect('auth')
  try {
    await insert(client, target, ids)
    for (const id of ids) {
      people.add(target, id)
      book.note(id, 'made')
    }
    tally.add(`made ${target}`, count)
  } finally {
    await client.end().catch(() => {})
  }
}

/** @throws what the driver throws */
export async function insert(client: Client, target: Target, ids: readonly string[]): Promise<void> {
  await client.query('SET synchronous_commit = on')
  await client.query(insertions[target], [ids])
}
