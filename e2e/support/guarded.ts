import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { makeProject, type Project, type Scripts, variableOf } from './project.ts'
import { root } from './run.ts'
import type { Tenant } from './tenant.ts'

const usersScript = 'CREATE TABLE users (id uuid PRIMARY KEY, name text);'
const projectsScript = `-- depends-on: auth@001
CREATE TABLE projects (id integer PRIMARY KEY, user_id uuid NOT NULL);
CREATE TABLE notes (id integer PRIMARY KEY, user_id uuid);`

const histories: Readonly<Record<string, Scripts>> = {
  auth: { '001_users': usersScript },
  specs: { '002_projects': projectsScript },
}

const usersModel = `
model User {
  id   String  @id @db.Uuid
  name String?
  @@map("users")
}
`

const projectsModels = `
model Project {
  id     Int    @id
  /// @reference(auth.users.id, onDelete: Cascade)
  userId String @map("user_id") @db.Uuid
  @@map("projects")
}

model Note {
  id     Int     @id
  /// @reference(auth.users.id, onDelete: SetNull)
  userId String? @map("user_id") @db.Uuid
  @@map("notes")
}
`

/** A project with two databases, `specs` referring to `auth`, and integrity in its catalog. */
export function makeGuardedProject(tenant: Tenant): Project {
  const project = makeProject(tenant, histories)
  symlinkSync(
    join(root, 'packages/app-validation'),
    join(project.directory, 'node_modules/@manybase/app-validation'),
    'dir',
  )
  project.write('databases.config.ts', catalog('referenceIntegrity()'))
  writeModels(project, 'auth', usersModel)
  writeModels(project, 'specs', projectsModels)
  project.write('auth/prisma/migrations/001_users/down.sql', 'DROP TABLE users;')
  project.write('specs/prisma/migrations/002_projects/down.sql', 'DROP TABLE notes; DROP TABLE projects;')
  return project
}

const writeModels = (project: Project, database: string, models: string): void =>
  project.write(
    `${database}/prisma/schema.prisma`,
    `datasource db {\n  provider = "postgresql"\n}\n${models}`,
  )

/** @param integrity the expression in the catalog */
export const catalog = (integrity: string): string => `
import { referenceIntegrity } from '@manybase/app-validation/migrate'
import { defineDatabases, fromVariable } from '@manybase/migrator/config'

export default defineDatabases({
  integrity: ${integrity},
  databases: {
    auth: { directory: 'auth', url: fromVariable('${variableOf('auth')}') },
    specs: { directory: 'specs', url: fromVariable('${variableOf('specs')}') },
  },
})
`

/** The triggers of integrity in a database, as `table name`; those that aren't ENABLE ALWAYS with their state. */
export async function triggersIn(project: Project, database: string): Promise<readonly string[]> {
  const rows = await project.query(
    database,
    `SELECT concat_ws(' ', t.tgrelid::regclass, t.tgname, nullif(t.tgenabled, 'A')) AS trigger
       FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
      WHERE p.pronamespace = to_regnamespace('integrity') ORDER BY 1`,
  )
  return rows.map(({ trigger }) => String(trigger))
}
