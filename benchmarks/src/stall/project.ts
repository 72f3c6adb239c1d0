import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { plainEnvironment } from '../environment.ts'
import type { Command } from '../measure.ts'

/** The variable that both tools read the URL from. */
const variable = 'BENCH_DATABASE_URL'

const files: Readonly<Record<string, string>> = {
  'databases.config.ts': `import { defineDatabases, fromVariable } from '@manybase/migrator/config'

export default defineDatabases({
  databases: { stall: { directory: '.', url: fromVariable('${variable}') } },
})
`,
  'prisma.config.ts': `import { prismaConfig } from '@manybase/migrator/prisma-config'

export default prismaConfig('stall')
`,
  'prisma/schema.prisma': 'datasource db {\n  provider = "postgresql"\n}\n',
  'prisma/migrations/001_busy/migration.sql': `CREATE TABLE busy (id int PRIMARY KEY, n int NOT NULL DEFAULT 0);
INSERT INTO busy SELECT generate_series(1, 1000);
`,
  'prisma/migrations/002_note/migration.sql': 'ALTER TABLE busy ADD COLUMN note text;\n',
}

/** The commands of a history with a table that is altered by its second revision. */
export interface Project {
  /** Makes the table. */
  readonly lay: Command
  readonly ours: Command
  readonly prisma: Command
}

/**
 * Writes a project with one database into a folder.
 *
 * @param owner a package that has both tools among its dependencies
 */
export function writeProject(root: string, folder: string, owner: string, url: string): Project {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  const installed = join(folder, 'node_modules')
  symlinkSync(join(owner, 'node_modules'), installed, 'junction')
  // Without the question for newer releases, which goes over the network.
  const env = { ...plainEnvironment(), [variable]: url, CHECKPOINT_DISABLE: '1' }
  const node = (...args: readonly string[]): Command => ({
    program: process.execPath,
    args,
    cwd: folder,
    env,
  })
  const db = join(root, 'packages/migrator/bin/db.cjs')
  return {
    lay: node(db, 'upgrade', '001', '--no-log'),
    ours: node(db, 'migrate', '--no-log'),
    prisma: { program: join(installed, '.bin/prisma'), args: ['migrate', 'deploy'], cwd: folder, env },
  }
}
