import { expect } from '@jest/globals'
import type { Project } from './project.ts'

/** Takes a backup and returns its directory. */
export async function takeBackup(project: Project, ...args: readonly string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await project.db(['backup', ...args])
  expect({ stderr, exitCode }).toMatchObject({ exitCode: 0 })
  return stdout.trim()
}

/** Every row of every table in the schemas of users, as text, and where the sequences stand. */
export async function rowsOf(project: Project, database: string): Promise<unknown> {
  const tables = await project.query(
    database,
    `SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name, c.relkind AS kind
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'm', 'S') AND n.nspname !~ '^(pg_|information_schema)' ORDER BY 1`,
  )
  const found = tables.map(async ({ name, kind }) => {
    const columns = kind === 'S' ? '(last_value, is_called)' : 't'
    const from = kind === 'r' ? `ONLY ${name}` : name
    return [name, await project.query(database, `SELECT ${columns}::text AS row FROM ${from} t ORDER BY 1`)]
  })
  return Object.fromEntries(await Promise.all(found))
}
