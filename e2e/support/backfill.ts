import { expect } from '@jest/globals'
import { makeProject, type Project } from './project.ts'
import type { Tenant } from './tenant.ts'

/** A project whose database has rows of an application, and a pending revision with a data migration. */
export interface Backfill extends Project {
  file(revision: string, name: string, text: string): void
  /** How many users there are for which that is true. */
  count(condition?: string): Promise<unknown>
  /** What `data status --json` says of each data migration. */
  status(): Promise<readonly Readonly<Record<string, unknown>>[]>
}

export const users =
  'CREATE TABLE users (id int PRIMARY KEY, old_field text NOT NULL, hits int NOT NULL DEFAULT 0);'
export const addColumn = 'ALTER TABLE users ADD new_field text;'

/** Goes on as long as it finds rows. */
export const shrinking = `-- What new_field is to be, of what old_field was.
UPDATE users SET new_field = upper(old_field), hits = hits + 1
 WHERE id IN (SELECT id FROM users WHERE new_field IS NULL LIMIT :batch)`

/** Goes from key to key; a row that is done twice is counted twice. */
export const byCursor = `UPDATE users SET hits = hits + 1
 WHERE id IN (SELECT id FROM users WHERE :cursor IS NULL OR id > :cursor ORDER BY id LIMIT :batch)
RETURNING id AS cursor`

/** The first revision is applied and has rows; the second one, with the data migration, is pending. */
export async function makeBackfill(
  tenant: Tenant,
  rows: number,
  data: string,
  name = 'data.sql',
): Promise<Backfill> {
  const project = makeProject(tenant, { alpha: { '001_users': users } })
  expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0 })
  await project.query(
    'alpha',
    `INSERT INTO users SELECT i, 'name ' || i FROM generate_series(1, ${rows}) i; ANALYZE users`,
  )
  const file = (revision: string, name: string, text: string) =>
    project.write(`alpha/prisma/migrations/${revision}/${name}`, text)
  project.revision('alpha', '002_new_field', addColumn)
  file('002_new_field', 'down.sql', 'ALTER TABLE users DROP new_field;')
  file('002_new_field', name, data)
  return {
    ...project,
    file,
    count: async (condition = 'true') =>
      (await project.query('alpha', `SELECT count(*)::int AS n FROM users WHERE ${condition}`))[0]?.n,
    status: async () => {
      const { stdout, stderr } = await project.db(['data', 'status', '--json'])
      expect(stderr).toBe('')
      const { databases }: { databases: { data: Record<string, unknown>[] }[] } = JSON.parse(stdout)
      return databases.flatMap(({ data }) => data)
    },
  }
}

/** The same with the second revision applied. */
export async function appliedBackfill(...args: Parameters<typeof makeBackfill>): Promise<Backfill> {
  const project = await makeBackfill(...args)
  expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0 })
  return project
}

/** The official CLI finds schema and database to be one. */
export async function expectNoDifference(project: Project, fields: string): Promise<void> {
  project.write(
    'alpha/prisma/schema.prisma',
    `datasource db {\n  provider = "postgresql"\n}\nmodel users {\n  id Int @id\n  hits Int @default(0)\n  ${fields}\n}\n`,
  )
  const sides = ['--from-config-datasource', '--to-schema', 'prisma/schema.prisma']
  const { stdout, exitCode } = await project.prisma('alpha', ['migrate', 'diff', ...sides, '--exit-code'])
  expect({ stdout, exitCode }).toEqual({ stdout: expect.any(String), exitCode: 0 })
}
