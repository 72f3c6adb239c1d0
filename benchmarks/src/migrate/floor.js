// The least that migrating costs in Node, as one would write it by hand for databases that are known to be well:
// connect, lock, read the ledger, compare checksums, one simple query for each file that is to be run. It plans
// nothing, checks nothing across databases, asks nobody, explains no error.
// Usage: node floor.js up|down VARIABLE=directory… (VARIABLE holds the database's URL, directory its migrations).
import { hash, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'

const createLedger = `CREATE TABLE _prisma_migrations (
  id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz,
  migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz,
  started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0)`

/** The checksums that the ledger has, by name; makes the ledger where there is none. */
async function readLedger(client) {
  try {
    const { rows } = await client.query(
      'SELECT migration_name, checksum FROM _prisma_migrations WHERE rolled_back_at IS NULL',
    )
    return new Map(rows.map((row) => [row.migration_name, row.checksum]))
  } catch (error) {
    if (error.code !== '42P01') throw error
    await client.query(createLedger)
    return new Map()
  }
}

const names = (directory) => readdirSync(directory).filter((name) => !name.includes('.'))

/** Several statements in one simple query are one transaction. */
async function up(client, directory, ledger) {
  for (const name of names(directory).sort()) {
    const script = readFileSync(join(directory, name, 'migration.sql'), 'utf8')
    const checksum = hash('sha256', script)
    const recorded = ledger.get(name)
    if (recorded === checksum) continue
    if (recorded !== undefined) throw new Error(`${name} was changed after it had been applied`)
    await client.query(
      `${script}\n;INSERT INTO _prisma_migrations (id, migration_name, checksum, finished_at, applied_steps_count)
       VALUES ('${randomUUID()}', '${name}', '${checksum}', now(), 1)`,
    )
  }
}

async function down(client, directory, ledger) {
  for (const name of names(directory).sort().reverse()) {
    if (!ledger.has(name)) continue
    const script = readFileSync(join(directory, name, 'down.sql'), 'utf8')
    await client.query(
      `${script}\n;UPDATE _prisma_migrations SET rolled_back_at = now()
       WHERE migration_name = '${name}' AND rolled_back_at IS NULL`,
    )
  }
}

async function migrate(run, connectionString, directory) {
  const client = new pg.Client({ connectionString })
  await client.connect()
  await client.query('SELECT pg_advisory_lock(72707369)')
  await run(client, directory, await readLedger(client))
  await client.end()
}

const [direction, ...histories] = process.argv.slice(2)
const pairs = histories.map((argument) => argument.split('='))
await Promise.all(
  pairs.map(([variable, directory]) =>
    migrate(direction === 'down' ? down : up, process.env[variable], directory),
  ),
)
