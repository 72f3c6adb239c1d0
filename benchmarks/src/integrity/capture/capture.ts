import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Contestant, hold, timed } from '../contest.ts'
import type { Part } from '../part.ts'
import { migrate, withSweep } from '../project.ts'
import { makeSessions, type Sessions } from '../sessions.ts'

const names = ['auth', 'specs', 'log'] as const

type Name = (typeof names)[number]

const users = 10_000

/** What one would write by hand to know who was deleted. */
const logTrigger = `CREATE TABLE log (id uuid, at timestamptz DEFAULT clock_timestamp());
CREATE FUNCTION log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO log (id) SELECT id FROM deleted;
  RETURN NULL;
END $$;
CREATE TRIGGER log AFTER DELETE ON users REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT EXECUTE FUNCTION log();`

/** Many users are deleted, and it is known afterwards who they were. */
export const capture: Part = {
  title: '10,000 users are deleted in bulk, each with a refresh token',
  unit: 'ms',
  async measure(place, rounds) {
    await using sessions = await makeSessions(place.server, 'capture', names)
    const script = authScript(place.root)
    const urls = { auth: sessions.url('auth'), specs: sessions.url('specs') }
    await migrate(place, 'capture', urls, script)
    await sessions.client('log').query(script)
    await sessions.client('log').query(logTrigger)
    return await hold(makeContestants(sessions), { rounds, settle: place.server.settle })
  },
}

/** The tables that this repository has for users, with all their indexes and foreign keys. */
function authScript(root: string): string {
  const migrations = join(root, 'packages/db-auth/prisma/migrations')
  return readdirSync(migrations, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => readFileSync(join(migrations, name, 'migration.sql'), 'utf8'))
    .join('\n')
}

function makeContestants({ client, url }: Sessions<Name>): readonly Contestant[] {
  const deleteFrom = (name: Name) => timed(() => client(name).query('DELETE FROM users'))
  return [
    {
      key: 'log',
      label: 'with a trigger for each statement that logs the ids',
      base: 'log',
      prepare: () => fill(client('log')),
      run: () => deleteFrom('log'),
    },
    {
      key: 'capture',
      label: 'with capture',
      base: 'log',
      atMost: 1.2,
      async prepare() {
        // What the round before has deleted is worked off, as a sweeper does meanwhile.
        await withSweep({ auth: url('auth'), specs: url('specs') }, (sweep) => sweep())
        await fill(client('auth'))
      },
      run: () => deleteFrom('auth'),
    },
  ]
}

async function fill(client: ReturnType<Sessions<Name>['client']>): Promise<void> {
  await client.query(`INSERT INTO users (email, username, hashed_password, name, surname)
    SELECT n || '@example.org', 'u' || n, 'x', 'N', 'S' FROM generate_series(1, ${users}) AS n`)
  await client.query(`INSERT INTO refresh_tokens (user_id, family_id, token_hash, expires_at)
    SELECT id, gen_random_uuid(), encode(sha256(id::text::bytea), 'hex'), now() + interval '1 day' FROM users`)
  await client.query('VACUUM ANALYZE users, refresh_tokens')
}
