import type { Client } from 'pg'
import type { ReferentialAction } from '../references/action.ts'
import type { PlacedReference } from '../references/placed.ts'
import { type Link, makeLinks } from '../sweep/link.ts'
import { makePlayground, type Playground, scriptsOf } from './database.ts'
import { captureScript, fenceScript, plainTable, projectsToUsers } from './sides.ts'

/** A referenced database `auth` and a referencing one `specs`, both with everything installed. */
export interface Pair extends AsyncDisposable {
  readonly a: Playground
  readonly b: Playground
  readonly link: Link
  readonly references: readonly PlacedReference[]
}

/** The referencing tables by their action; each has `id` and `user_id`. */
const tables: Readonly<Record<string, ReferentialAction>> = {
  projects: 'Cascade',
  notes: 'SetNull',
  invoices: 'Restrict',
  logs: 'Keep',
}

/** @param only the referencing tables; by default one for each action */
export async function makePair(only: readonly string[] = Object.keys(tables)): Promise<Pair> {
  const [a, b] = await Promise.all([makePlayground(), makePlayground()])
  const references = only.map(
    (table): PlacedReference => ({
      ...projectsToUsers,
      table,
      type: 'integer',
      onDelete: tables[table] ?? 'Keep',
    }),
  )
  await Promise.all([prepareReferenced(a.client, references), prepareReferencing(b.client, references)])
  const [link] = makeLinks(references)
  if (!link) throw new Error('a pair needs a reference')
  return {
    a,
    b,
    link,
    references,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([a[Symbol.asyncDispose](), b[Symbol.asyncDispose]()])
    },
  }
}

async function prepareReferenced(client: Client, references: readonly PlacedReference[]): Promise<void> {
  await client.query('CREATE SCHEMA integrity; CREATE TABLE users (id integer PRIMARY KEY, name text)')
  for (const script of await scriptsOf('referenced')) await client.query(script)
  await client.query(captureScript(references, [plainTable('users')]))
}

async function prepareReferencing(client: Client, references: readonly PlacedReference[]): Promise<void> {
  await client.query('CREATE SCHEMA integrity')
  for (const script of await scriptsOf('referencing')) await client.query(script)
  for (const reference of references) {
    await client.query(`CREATE TABLE ${reference.table} (id serial PRIMARY KEY, user_id integer, label text);
      CREATE INDEX ON ${reference.table} (user_id)`)
    await client.query(fenceScript(reference, [plainTable(reference.table)]))
  }
}
