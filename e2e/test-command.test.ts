import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { testServer } from '@manybase/local-postgres/testing'
import { testHistories } from '@manybase/migrator/testing'
import { makeProject, type Project } from './support/project.ts'
import { root } from './support/run.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

// What a project of a user has in its own suite.
const { adminUrl: server } = await testServer()
const results = await testHistories({ from: root, server })

describe('the histories of this repository', () => {
  test.each(results)('$database: $name', ({ problems }) => expect(problems).toEqual([]))

  test('are both of them tried, in every way', () => {
    expect(results).toHaveLength(2 * 8)
  })
})

let tenant: Tenant
let project: Project

const schema = (model: string) => `datasource db {
  provider = "postgresql"
}
${model}`

const users = '\nmodel users {\n  id String @id @db.Uuid\n}\n'
const notes = (annotation: string) =>
  `\nmodel notes {\n  id String @id @db.Uuid\n${annotation}  user_id String @db.Uuid\n  @@index([user_id])\n}\n`
const reference = '  /// @reference(alpha.users.id, onDelete: Cascade)\n'
const createNotes =
  'CREATE TABLE notes (id uuid PRIMARY KEY, user_id uuid NOT NULL);\nCREATE INDEX "notes_user_id_idx" ON notes (user_id);\n'

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
beforeEach(() => {
  project = makeProject(tenant, {
    alpha: { '001_users': 'CREATE TABLE users (id uuid PRIMARY KEY);\n' },
    beta: { '002_notes': createNotes },
  })
  project.write('alpha/prisma/migrations/001_users/down.sql', 'DROP TABLE users;\n')
  project.write('beta/prisma/migrations/002_notes/down.sql', 'DROP TABLE notes;\n')
  project.write('alpha/prisma/schema.prisma', schema(users))
  project.write('beta/prisma/schema.prisma', schema(notes(reference)))
})
afterEach(() => project.dispose())

/** What does not hold of beta. */
async function failing(): Promise<Record<string, readonly string[]>> {
  const { stdout, stderr, exitCode } = await project.db(['test', '--json'])
  expect({ stderr, exitCode }).toEqual({ stderr, exitCode: 4 })
  const { tests }: { tests: { database: string; name: string; problems: string[] }[] } = JSON.parse(stdout)
  const failed = tests.filter(({ problems }) => problems.length > 0)
  expect(failed.map(({ database }) => database)).toEqual(failed.map(() => 'beta'))
  return Object.fromEntries(failed.map(({ name, problems }) => [name, problems]))
}

describe('db test', () => {
  test('says line by line what holds, and touches no database', async () => {
    const { stdout, exitCode } = await project.db(['test', '--only', 'beta'])
    expect({ stdout, exitCode }).toEqual({
      exitCode: 0,
      stdout: `\
✅ beta: there is a single head
✅ beta: every revision has a way back
✅ beta: each revision goes up, down and up to the same again
✅ beta: each revision is undone without a trace
✅ beta: the way from head to base leaves nothing
✅ beta: the schema is what the history makes
✅ beta: no foreign key stands where another database is referred to
✅ beta: every referencing column is declared, and leads an index
`,
    })
    const made = await tenant.asAdmin(
      `SELECT datname FROM pg_database WHERE pg_get_userbyid(datdba) = '${tenant.role}'`,
    )
    expect(made).toEqual([])
  })

  test('finds what a way back leaves behind', async () => {
    project.revision(
      'beta',
      '002_notes',
      `${createNotes}CREATE SEQUENCE numbers;\nGRANT SELECT ON notes TO PUBLIC;\n`,
    )
    expect(await failing()).toEqual({
      'each revision is undone without a trace': expect.arrayContaining([
        '002_notes: sequence public.numbers is added after down.sql',
      ]),
      'each revision goes up, down and up to the same again': [
        expect.stringContaining('relation "numbers" already exists'),
      ],
    })
  })

  test('finds two heads and a revision without a way back', async () => {
    project.revision('beta', '003_a', '-- revises: 002\nSELECT 1;\n')
    project.revision('beta', '004_b', '-- revises: 002\nSELECT 1;\n')
    expect(await failing()).toEqual({
      'there is a single head': ['heads: 003, 004'],
      'every revision has a way back': ['003_a', '004_b'],
    })
  })

  test('finds a schema that the history doesn’t make, seen from both sides', async () => {
    project.write('beta/prisma/schema.prisma', schema(`${notes(reference)}${users}`))
    const { 'the schema is what the history makes': problems, ...others } = await failing()
    expect(others).toEqual({})
    expect(problems).toEqual([expect.stringMatching(/Added tables/), expect.stringMatching(/Removed tables/)])
  })

  test('finds columns that don’t say what they refer to, and foreign keys that can’t be meant', async () => {
    project.write('beta/prisma/schema.prisma', schema(notes('')))
    expect(Object.keys(await failing())).toEqual(['every referencing column is declared, and leads an index'])
    project.write('beta/prisma/schema.prisma', schema(notes(reference)))
    project.revision(
      'beta',
      '002_notes',
      'CREATE TABLE notes (id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES notes);\n',
    )
    expect(await failing()).toMatchObject({
      'no foreign key stands where another database is referred to': ['notes.user_id'],
    })
  })
})
