import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { catalogsOf } from './support/catalogs.ts'
import { expectFailure } from './support/failure.ts'
import { makeProject, type Project } from './support/project.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

const datasource = 'datasource db {\n  provider = "postgresql"\n}\n\n'
const pear = (fields: string, more = '') =>
  `${datasource}model Pear {\n  id Int @id\n${fields}\n  @@map("pear")\n}\n${more}`
const first = `CREATE TABLE pear (id int NOT NULL, title text NOT NULL, CONSTRAINT pear_pkey PRIMARY KEY (id));
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER touched BEFORE UPDATE ON pear FOR EACH ROW EXECUTE FUNCTION touch();
COMMENT ON COLUMN pear.title IS 'what it is called';`

let tenant: Tenant
let project: Project

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
beforeEach(async () => {
  project = makeProject(tenant, {
    alpha: { '001_first': first },
    beta: { '002_second': 'CREATE TABLE other (id int NOT NULL, CONSTRAINT other_pkey PRIMARY KEY (id));' },
  })
  schema('alpha', pear('  title String'))
  schema('beta', `${datasource}model Other {\n  id Int @id\n  @@map("other")\n}\n`)
  await project.db(['migrate'])
})
afterEach(() => project.dispose())

const schema = (database: string, text: string) => project.write(`${database}/prisma/schema.prisma`, text)
const folder = (database: string) => join(project.directory, database, 'prisma/migrations')
const revisions = (database: string) =>
  readdirSync(folder(database)).filter((name) => name !== 'migration_lock.toml')
const read = (database: string, revision: string, file = 'migration.sql') =>
  readFileSync(join(folder(database), revision, file), 'utf8')

/** The official CLI finds history, schema and database to be one. */
async function expectAgreement(database: string): Promise<void> {
  const status = await project.prisma(database, ['migrate', 'status'])
  expect({ status: status.exitCode, out: status.stdout }).toEqual({
    status: 0,
    out: expect.stringContaining('up to date'),
  })
  for (const sides of [
    ['--from-config-datasource', '--to-schema', 'prisma/schema.prisma'],
    ['--from-schema', 'prisma/schema.prisma', '--to-config-datasource'],
  ]) {
    const diff = await project.prisma(database, ['migrate', 'diff', ...sides, '--exit-code'])
    expect({ sides, exitCode: diff.exitCode, stdout: diff.stdout }).toMatchObject({ exitCode: 0 })
  }
}

const leftovers = () =>
  tenant.asAdmin(`SELECT datname FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba
    WHERE datname LIKE 'prisma_migrate_shadow_db_%' AND rolname = '${tenant.role}'`)

describe('the difference between history and schema', () => {
  test('becomes a migration and its way back, for the databases that differ', async () => {
    schema(
      'alpha',
      pear(
        '  title String\n  size Int?\n  seeds Seed[]',
        'model Seed {\n  id Int @id\n  pearId Int\n  pear Pear @relation(fields: [pearId], references: [id])\n}\n',
      ),
    )
    const before = await catalogsOf(project, 'alpha')
    const result = await project.db(['create', 'Add seeds', '--description', 'Pears have some.'])
    expect(result).toMatchObject({
      exitCode: 0,
      stderr: '',
      stdout: 'alpha/prisma/migrations/003_add_seeds\n',
    })
    expect(revisions('beta')).toEqual(['002_second'])
    const script = read('alpha', '003_add_seeds')
    expect(script).toMatch(
      /^-- Add seeds\n--\n-- Pears have some\.\n--\n-- creates: Seed\n-- database: alpha\n\n/,
    )
    expect(script).not.toContain('WARNING')
    expect(read('alpha', '003_add_seeds', 'down.sql')).not.toContain('WARNING')
    expect(await catalogsOf(project, 'alpha')).toEqual(before)
    expect(await leftovers()).toEqual([])

    expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0 })
    await expectAgreement('alpha')
    await project.query('alpha', read('alpha', '003_add_seeds', 'down.sql'))
    expect(await catalogsOf(project, 'alpha')).toEqual(before)
  })

  test('is made for two databases at once, numbered through the catalog', async () => {
    schema('alpha', pear('  title String\n  size Int?'))
    schema('beta', `${datasource}model Other {\n  id Int @id\n  size Int?\n  @@map("other")\n}\n`)
    const result = await project.db(['create', 'sizes', '--depends-on', 'beta@002', '--json'])
    expect(JSON.parse(result.stdout)).toMatchObject({
      created: [
        { database: 'alpha', revision: '003_sizes', directory: 'alpha/prisma/migrations/003_sizes' },
        { database: 'beta', revision: '004_sizes' },
      ],
    })
    expect(read('alpha', '003_sizes')).toContain('-- depends-on: beta@002\n')
    expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0 })
    for (const database of ['alpha', 'beta']) await expectAgreement(database)
  })

  test('is nothing, and then nothing is written', async () => {
    expect(await project.db(['create', 'nothing'])).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'Nothing to do: every schema is what its history makes.\n',
    })
    expect(revisions('alpha')).toEqual(['001_first'])
  })

  test('warns above what loses data, and the way back brings what no schema says', async () => {
    await project.query('alpha', "INSERT INTO pear VALUES (1, 'one')")
    const before = await catalogsOf(project, 'alpha')
    schema('alpha', datasource)
    const { stderr } = await project.db(['create', 'no more pears'])
    expect(stderr).toContain('You are about to drop the `pear` table, which is not empty (1 rows)')
    expect(read('alpha', '003_no_more_pears')).toContain(
      '-- WARNING: drops the table pear with all its rows.\n-- DropTable\nDROP TABLE "pear";\n',
    )
    const down = read('alpha', '003_no_more_pears', 'down.sql')
    expect(down).not.toContain('WARNING')
    await project.db(['migrate'])
    expect(await project.db(['downgrade', '--yes', 'alpha@-1'])).toMatchObject({ exitCode: 0 })
    expect(await catalogsOf(project, 'alpha')).toEqual(before)
  })

  test('says above the way back what it can not bring', async () => {
    await project.db(['create', 'rules', '--empty', '--only', 'a'])
    project.revision('alpha', '003_rules', 'CREATE RULE still AS ON DELETE TO pear DO INSTEAD NOTHING;')
    await project.db(['migrate'])
    schema('alpha', datasource)
    await project.db(['create', 'no more pears'])
    const down = read('alpha', '004_no_more_pears', 'down.sql')
    expect(down).toContain('-- WARNING: not undone above: rule still on public.pear is not made again.')
  })

  test('of an enum stays inside the migrator’s transaction, both ways', async () => {
    schema('alpha', pear('  title String\n  colour Colour?', 'enum Colour {\n  green\n  red\n}\n'))
    await project.db(['create', 'colours'])
    schema('alpha', pear('  title String\n  colour Colour?', 'enum Colour {\n  green\n}\n'))
    await project.db(['migrate'])
    await project.db(['create', 'one colour'])
    expect(read('alpha', '004_one_colour')).not.toMatch(/^(BEGIN|COMMIT)/m)
    expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0 })
    await expectAgreement('alpha')
  })
})

describe('a rename', () => {
  test('of a column keeps its values, forward and back', async () => {
    await project.query('alpha', "INSERT INTO pear VALUES (1, 'one')")
    schema('alpha', pear('  name String'))
    const before = await catalogsOf(project, 'alpha')
    const result = await project.db(['create', 'say name', '--rename', 'pear.title:pear.name'])
    expect(result).toMatchObject({ exitCode: 0, stderr: '' })
    expect(read('alpha', '003_say_name')).toContain('ALTER TABLE "pear" RENAME COLUMN "title" TO "name";\n')
    await project.db(['migrate'])
    expect(await project.query('alpha', 'SELECT name FROM pear')).toEqual([{ name: 'one' }])
    await expectAgreement('alpha')
    await project.query('alpha', read('alpha', '003_say_name', 'down.sql'))
    expect(await catalogsOf(project, 'alpha')).toEqual(before)
    expect(await project.query('alpha', 'SELECT title FROM pear')).toEqual([{ title: 'one' }])
  })

  test('of a table takes what hangs on it along', async () => {
    schema('alpha', pear('  title String\n  size Int?').replace('@@map("pear")', '@@map("apple")'))
    await project.db(['create', 'apples', '--rename', 'pear:apple'])
    await project.db(['migrate'])
    await expectAgreement('alpha')
    expect(
      await project.query('alpha', `SELECT count(*)::int FROM pg_trigger WHERE tgname = 'touched'`),
    ).toEqual([{ count: 1 }])
  })

  test('that nobody answered for stands as a warning in the file', async () => {
    schema('alpha', pear('  name String'))
    const { stderr } = await project.db(['create', 'say name'])
    expect(stderr).toContain('--rename pear.title:pear.name')
    const script = read('alpha', '003_say_name')
    expect(script).toContain('-- WARNING: this may be a rename')
    expect(script).toContain('-- WARNING: drops the column pear.title with all its values.')
  })

  test.each([
    ['pear.title', 'rename.malformed'],
    ['plum.title:plum.name', 'rename.unknown'],
  ])('%s is refused', async (rename, code) => {
    schema('alpha', pear('  name String'))
    const result = await project.db(['create', 'x', '--rename', rename])
    expectFailure(result, { code, exitCode: 2, what: rename, why: /./, fix: /./ })
    expect(revisions('alpha')).toEqual(['001_first'])
  })
})

describe('without a difference', () => {
  test('--empty writes a header alone', async () => {
    await project.db(['create', 'by hand', '--empty', '--only', 'beta'])
    expect(read('beta', '003_by_hand')).toBe('-- by hand\n--\n-- database: beta\n')
    expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0 })
    await expectAgreement('beta')
  })

  test('--template writes a script to fill in, and --set fills it', async () => {
    const list = await project.db(['create', '--template'])
    expect(list.stdout).toMatch(/^table {3,}a new table[\s\S]*^column-backfill [\s\S]*^type-change /m)
    const set = ['--set', 'table=pear', '--set', 'column=size', '--set', 'type=int', '--set', 'value=0']
    await project.db(['create', 'size', '--only', 'a', '--template', 'column-backfill', ...set])
    await project.query('alpha', "INSERT INTO pear VALUES (1, 'one')")
    expect(await project.db(['migrate', '--with-data'])).toMatchObject({ exitCode: 0 })
    expect(await project.query('alpha', 'SELECT size FROM pear')).toEqual([{ size: 0 }])
  })

  test('a template that nobody filled in is not applied', async () => {
    await project.db(['create', 'size', '--only', 'a', '--template', 'table'])
    expect(await project.db(['migrate'])).toMatchObject({ exitCode: 5 })
  })

  test('the database, the template and its placeholders must be said rightly', async () => {
    const failure = async (...args: string[]) => {
      const { stderr } = await project.db(['create', 'x', ...args])
      return /\[([a-z.-]+)\]$/m.exec(stderr)?.[1]
    }
    expect(await failure('--empty')).toBe('create.database-unsaid')
    expect(await failure('--only', 'a', '--template', 'none')).toBe('template.unknown')
    expect(await failure('--only', 'a', '--template', 'table', '--set', 'x=1')).toBe('template.placeholder')
    expect(await failure('--empty', '--only', 'a', '--depends-on', 'beta@009')).toBe('plan.unknown-parent')
    expect(await failure('--empty', '--only', 'a', '--revises', '009')).toBe('plan.unknown-parent')
    expect(revisions('alpha')).toEqual(['001_first'])
  })
})

describe('nothing is written', () => {
  test('when a database is not at head', async () => {
    project.revision('beta', '003_third', 'SELECT 1;')
    schema('alpha', pear('  title String\n  size Int?'))
    expectFailure(await project.db(['create', 'size']), {
      code: 'create.not-at-head',
      exitCode: 2,
      what: 'Target database is not up to date: beta (1 pending)',
      why: 'leads on from the head',
      fix: 'pnpm db:migrate',
    })
    expect(revisions('alpha')).toEqual(['001_first'])
  })

  test('when one of two schemas is wrong', async () => {
    schema('alpha', pear('  title String\n  size Int?'))
    schema('beta', `${datasource}model Other {\n`)
    const result = await project.db(['create', 'size'])
    expect(result).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringContaining('[engine.refused]'),
    })
    expect(revisions('alpha')).toEqual(['001_first'])
    expect(existsSync(folder('beta'))).toBe(true)
    expect(await leftovers()).toEqual([])
  })

  test('when the title is none', async () => {
    const result = await project.db(['create', 'revises: 001'])
    expectFailure(result, { code: 'create.message', exitCode: 2, what: 'revises: 001', why: /./, fix: /./ })
  })
})

test('ids can run through each history, or be times', async () => {
  const config = readFileSync(join(project.directory, 'databases.config.ts'), 'utf8')
  const number = async (revisions: string) => {
    project.write(
      'databases.config.ts',
      config.replace('databases: {', `revisions: '${revisions}',\n databases: {`),
    )
    return (await project.db(['create', 'next', '--empty', '--only', 'a'])).stdout
  }
  expect(await number('history')).toBe('alpha/prisma/migrations/002_next\n')
  await project.db(['migrate'])
  expect(await number('timestamp')).toMatch(/migrations\/20\d{12}_next\n$/)
})
