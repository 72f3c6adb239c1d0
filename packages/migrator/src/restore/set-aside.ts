import { type Client, escapeIdentifier, escapeLiteral } from 'pg'
import type { TableFacts } from '../backup/inventory.ts'

const users = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`
const relation = `quote_ident(n.nspname) || '.' || quote_ident(c.relname)`

/**
 * Takes away what would hinder a load or change its rows: foreign keys, since no order of the tables suits cycles,
 * triggers, which have fired before the backup, and row security that binds the owner too.
 * @returns the statements that make it all again
 */
export async function putAside(client: Client, tables: readonly TableFacts[]): Promise<readonly string[]> {
  const keys = await foreignKeys(client)
  const [triggers, forced] = [await triggersOf(client), await forcedSecurity(client)]
  for (const { table, name } of keys) {
    await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${escapeIdentifier(name)}`)
  }
  for (const { name } of tables) await client.query(`ALTER TABLE ONLY ${name} DISABLE TRIGGER USER`)
  for (const name of forced) await client.query(`ALTER TABLE ${name} NO FORCE ROW LEVEL SECURITY`)
  return [
    ...keys.flatMap(({ table, name, definition, comment }) => [
      `ALTER TABLE ${table} ADD CONSTRAINT ${escapeIdentifier(name)} ${definition}`,
      ...(comment === null
        ? []
        : [`COMMENT ON CONSTRAINT ${escapeIdentifier(name)} ON ${table} IS ${escapeLiteral(comment)}`]),
    ]),
    ...triggers.flatMap(({ table, name, enabled }) => {
      const word = enabling[enabled]
      return word === undefined ? [] : [`ALTER TABLE ONLY ${table} ${word} TRIGGER ${escapeIdentifier(name)}`]
    }),
    ...forced.map((name) => `ALTER TABLE ${name} FORCE ROW LEVEL SECURITY`),
  ]
}

/** `pg_trigger.tgenabled`; one that was disabled before stays so. */
const enabling: Readonly<Record<string, string>> = { O: 'ENABLE', A: 'ENABLE ALWAYS', R: 'ENABLE REPLICA' }

interface ForeignKey {
  readonly table: string
  readonly name: string
  readonly definition: string
  readonly comment: string | null
}

/** That of a partition comes and goes with its parent's. */
async function foreignKeys(client: Client): Promise<readonly ForeignKey[]> {
  const { rows } = await client.query<ForeignKey>(
    `SELECT ${relation} AS table, k.conname AS name, pg_get_constraintdef(k.oid) AS definition,
            obj_description(k.oid, 'pg_constraint') AS comment
       FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE k.contype = 'f' AND k.conparentid = 0 AND ${users} ORDER BY k.oid`,
  )
  return rows
}

async function triggersOf(
  client: Client,
): Promise<readonly { readonly table: string; readonly name: string; readonly enabled: string }[]> {
  const { rows } = await client.query<{ table: string; name: string; enabled: string }>(
    `SELECT ${relation} AS table, t.tgname AS name, t.tgenabled::text AS enabled
       FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE NOT t.tgisinternal AND c.relkind = 'r' AND ${users}`,
  )
  return rows
}

async function forcedSecurity(client: Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT ${relation} AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relforcerowsecurity AND ${users}`,
  )
  return rows.map(({ name }) => name)
}
