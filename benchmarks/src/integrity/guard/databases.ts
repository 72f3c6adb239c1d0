import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import type { Server } from '../../migrate/server.ts'
import { foreignUsers } from '../foreign-server.ts'

const names = {
  auth: 'bench_guard_auth',
  specs: 'bench_guard_specs',
  native: 'bench_guard_native',
  foreign: 'bench_guard_foreign',
} as const

/** How many users there are to name. */
const userCount = 10_000

export interface Databases extends AsyncDisposable {
  readonly auth: string
  readonly specs: string
  /** The tables of specs with a copy of the users, and foreign keys to them: what one database would have. */
  readonly native: string
  /** The tables of specs with a trigger that locks the user through postgres_fdw. */
  readonly foreign: string
  readonly userIds: readonly string[]
}

/** Makes the databases of this repository at head, with users. */
export async function makeDatabases(root: string, server: Server): Promise<Databases> {
  await server.recreate(Object.values(names))
  const auth = server.url(names.auth)
  const [specs, native, foreign] = [names.specs, names.native, names.foreign].map(server.url)
  if (!specs || !native || !foreign) throw new TypeError('Three databases were made.')
  await run(auth, async (client) => {
    for (const script of scripts(root, 'db-auth')) await client.query(script)
    await client.query(insertUsers)
  })
  const userIds = await run(auth, async (client) => {
    const { rows } = await client.query<{ id: string }>('SELECT id FROM users')
    return rows.map(({ id }) => id)
  })
  for (const url of [specs, native, foreign]) {
    await run(url, async (client) => {
      for (const script of scripts(root, 'db-specs')) await client.query(script)
    })
  }
  await run(native, async (client) => {
    await client.query('CREATE TABLE users (id uuid PRIMARY KEY)')
    await client.query('INSERT INTO users SELECT unnest($1::uuid[])', [userIds])
    await client.query('ALTER TABLE projects ADD CONSTRAINT fk_native FOREIGN KEY (user_id) REFERENCES users')
  })
  await run(foreign, (client) => client.query(foreignScript(auth)))
  for (const url of [auth, specs, native, foreign]) await run(url, (client) => client.query('VACUUM ANALYZE'))
  const drop = () => server.drop(Object.values(names))
  return { auth, specs, native, foreign, userIds, [Symbol.asyncDispose]: drop }
}

/** A row trigger that does what a foreign key does, on a table of another database. */
function foreignScript(auth: string): string {
  return `${foreignUsers(auth)}
    CREATE FUNCTION look_abroad() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM FROM foreign_users WHERE id = NEW.user_id FOR SHARE;
      IF NOT FOUND THEN
        RAISE foreign_key_violation;
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER look_abroad BEFORE INSERT ON projects FOR EACH ROW EXECUTE FUNCTION look_abroad();`
}

const insertUsers = `INSERT INTO users (email, username, hashed_password, name, surname)
  SELECT 'u' || n || '@example.org', 'u' || n, 'x', 'N', 'S' FROM generate_series(1, ${userCount}) n`

const scripts = (root: string, name: string): readonly string[] => {
  const migrations = join(root, 'packages', name, 'prisma/migrations')
  return readdirSync(migrations, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((entry) => readFileSync(join(migrations, entry, 'migration.sql'), 'utf8'))
}

async function run<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(url)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
