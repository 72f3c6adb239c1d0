import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Socrates } from '../support/socrates.ts'
import { blocksOf } from './blocks.ts'
import { readText } from './pages.ts'

/** What makes the databases and files such that a command line of the pages makes sense; else all is at head. */
export type Given = (socrates: Socrates) => unknown

const specsAt =
  (revision: string): Given =>
  (socrates) =>
    socrates.type(`pnpm db downgrade specs@${revision} --yes`)

/** Changes socrates_specs' schema as somebody would who wants something else. */
const schemaSays =
  (before: string | RegExp, after: string): Given =>
  ({ directory, write }) => {
    const path = 'packages/db-specs/prisma/schema.prisma'
    const text = readFileSync(join(directory, path), 'utf8')
    const changed = text.replace(before, after)
    if (changed === text) throw new Error(`the schema has no ${before}`)
    write(path, changed)
  }

const notes = schemaSays('model Project {', 'model Project {\n  /// What to remember.\n  notes String?')

const twoHeads: Given = ({ revision }) => {
  revision('010_notes', '-- revises: 009\n\nALTER TABLE projects ADD COLUMN notes text;\n')
  revision('011_tags', '-- revises: 009\n\nALTER TABLE projects ADD COLUMN tags text;\n')
}

const withoutHistory: Given = async ({ query, remove, write }) => {
  await query('socrates_auth', 'DROP TABLE _prisma_migrations')
  remove('packages/db-auth/prisma/migrations')
  write('packages/db-auth/prisma/migrations/migration_lock.toml', 'provider = "postgresql"\n')
}

const nothing: Given = async ({ drop }) => {
  await drop('socrates_specs')
  await drop('socrates_auth')
}

const columnMore: Given = ({ query }) => query('socrates_specs', 'ALTER TABLE projects ADD COLUMN notes text')

/** A column of its own with a data migration, for a project that somebody has made before. */
const notesToFill: Given = async ({ query, revision, type, write }) => {
  await query('socrates_specs', "INSERT INTO projects (user_id, name) VALUES (gen_random_uuid(), 'old')")
  revision('010_notes', 'ALTER TABLE projects ADD COLUMN notes text;\n')
  write(
    'packages/db-specs/prisma/migrations/010_notes/data.sql',
    'UPDATE projects SET notes = name WHERE id IN (SELECT id FROM projects WHERE notes IS NULL LIMIT :batch);\n',
  )
  await type('pnpm db upgrade specs@010')
}

const queries: Given = async ({ write, type }) => {
  const sql = blocksOf(readText('docs/reference/formats.md')).find(({ text }) => text.includes('-- name: '))
  write('queries.sql', sql?.text ?? '')
  await type('pnpm db explain queries.sql --save plans.json')
}

const undeclared = schemaSays(/(model Session \{[\s\S]*?)^ +\/\/\/ @reference\([^\n]*\n/m, '$1')

const someTitle = /^( {2}name +String +)(?=@db\.VarChar\(255\))/m

/** As of the time that the pages show. */
const backedUp: Given = ({ type }) =>
  type('pnpm db backup --archive && mv backups/*Z backups/20261121T155148Z')

const userId = '6f1f64f6-6d6c-4f0b-9a3e-0f3b7a0c5d11'

const user: Given = async ({ query }) => {
  await query(
    'socrates_auth',
    `INSERT INTO users (id, email, username, hashed_password, name, surname)
     VALUES ('${userId}', 'ada@example.org', 'ada', 'x', 'Ada', 'Lovelace')`,
  )
  await query('socrates_specs', `INSERT INTO projects (user_id, name) VALUES ('${userId}', 'Engine')`)
}

const userDeleted: Given = async (socrates) => {
  await user(socrates)
  await socrates.type(`pnpm db integrity delete ${userId} --yes`)
}

const userSwept: Given = async (socrates) => {
  await userDeleted(socrates)
  await socrates.type('pnpm db integrity sweep')
}

const orphan: Given = async ({ query }) => {
  await query(
    'socrates_specs',
    `INSERT INTO projects (user_id, name) VALUES ('${userId}', 'Engine'), ('${userId}', 'Notes')`,
  )
}

/** Who types it may make roles, and those of the catalog are nobody else's on the server. */
const administrator: Given = async ({ asAdmin, role, directory, write }) => {
  await asAdmin(`ALTER ROLE ${role} CREATEROLE; GRANT pg_read_all_stats TO ${role} WITH ADMIN OPTION`)
  const catalog = readFileSync(join(directory, 'databases.config.ts'), 'utf8')
  const own = `${role}_${directory.slice(-6).toLowerCase()}`
  write('databases.config.ts', catalog.replaceAll(/'socrates_(migrator|api|sweeper)'/g, `'${own}_$1'`))
}

const arranged: Given = async (socrates) => {
  await administrator(socrates)
  await socrates.type('pnpm db roles --apply')
}

const repairRun = '0b8e7c9e-2f55-4a0e-9a39-5d0f6a5b1c11'

/** As if the repair of the pages had been this one. */
const repaired: Given = async (socrates) => {
  await orphan(socrates)
  await socrates.type('pnpm db integrity repair --apply --yes')
  await socrates.query('socrates_specs', `UPDATE integrity.quarantine SET run = '${repairRun}'`)
}

/** By command line, with or without its `--json`. */
export const given: Readonly<Record<string, Given>> = {
  'pnpm db migrate': nothing,
  'pnpm db upgrade specs@+1': specsAt('008'),
  'pnpm db upgrade specs@+1 --only specs --json': specsAt('008'),
  'pnpm db upgrade 005 --plan': specsAt('003'),
  'pnpm db data': notesToFill,
  'pnpm db data run specs@010 --pause 100ms': notesToFill,
  'pnpm db data run 010 --only specs': notesToFill,
  'pnpm db data retry 010': notesToFill,
  'pnpm db history -r current:head': specsAt('007'),
  'pnpm db create "add notes to projects"': notes,
  'pnpm db create "say title" --rename projects.name:projects.title': schemaSays(
    someTitle,
    '  title String ',
  ),
  'pnpm db baseline --only auth': withoutHistory,
  'pnpm db baseline "As found in November" --only auth': withoutHistory,
  'pnpm db stamp specs@head --verify --json': columnMore,
  'pnpm db verify --only specs --json': ({ remove }) =>
    remove('packages/db-specs/prisma/migrations/009_activity_and_project_management/down.sql'),
  'pnpm db check --only specs --json': notes,
  'pnpm db drift --only specs --json': columnMore,
  'pnpm db lint --only specs --json': undeclared,
  'pnpm db explain queries.sql': queries,
  'pnpm db explain queries.sql --save plans.json': queries,
  'pnpm db explain queries.sql --compare plans.json': queries,
  'pnpm db explain queries.sql --only auth --json': queries,
  'pnpm db docs --check --only specs --json': notes,
  'pnpm db diagram --check --only specs --json': notes,
  'pnpm -s db completion zsh > ~/.zfunc/_db': ({ write }) => write('.zfunc/_other', ''),
  'pnpm -s db completion fish > ~/.config/fish/completions/db.fish': ({ write }) =>
    write('.config/fish/completions/other.fish', ''),
  'pnpm db roles': arranged,
  'pnpm db roles --json': administrator,
  'pnpm db roles --apply': administrator,
  'pnpm db roles --apply --generate-passwords roles.txt': administrator,
  'pnpm -s db roles --sql > roles.sql': administrator,
  'pnpm db backup list': backedUp,
  'pnpm db backup verify backups/20261121T155148Z': backedUp,
  'pnpm db restore backups/20261121T155148Z': backedUp,
  'pnpm db restore backups/20261121T155148Z --only auth --yes': backedUp,
  'pnpm db restore backups/20261121T155148Z --only auth': backedUp,
  [`pnpm db integrity delete ${userId}`]: user,
  [`pnpm db integrity delete --table users ${userId} --yes`]: user,
  'pnpm db integrity sweep': userDeleted,
  [`pnpm db integrity receipts ${userId}`]: userSwept,
  [`pnpm db integrity revive ${userId}`]: userSwept,
  'pnpm db integrity scan --json': orphan,
  'pnpm db integrity repair': orphan,
  'pnpm db integrity repair --apply': orphan,
  'pnpm db integrity repair --apply --yes': orphan,
  'pnpm db integrity repair --apply --action delete': orphan,
  [`pnpm db integrity repair --undo ${repairRun}`]: repaired,
  'pnpm db integrity resume': (socrates) => socrates.type("pnpm db integrity pause --reason 'a restore'"),
  'pnpm db branches': twoHeads,
  'pnpm db merge 010 011': twoHeads,
  'pnpm db merge -m "merge branches" 010 011': twoHeads,
  'pnpm db merge -m "Merge migration branches" 010 011': twoHeads,
  'pnpm db create "Add email verification field"': notes,
  'pnpm db create "Initial auth schema"': notes,
  'pnpm db create "add new feature"': notes,
  'pnpm db upgrade specs@+2': specsAt('007'),
  'pnpm db upgrade specs@+3': specsAt('006'),
  'pnpm db upgrade 005': specsAt('003'),
  'pnpm db merge specs@heads -m "notes and tags"': twoHeads,
}
