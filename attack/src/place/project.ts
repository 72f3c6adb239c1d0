import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { referenced, referencing } from './histories.ts'

const root = resolve(import.meta.dirname, '../../..')
export const dbCommand = join(root, 'packages/migrator/bin/db.cjs')

/** The name of each database in the catalog, its package, and the variable with its URL. */
export const databases = {
  auth: { name: 'socrates_auth', folder: 'db-auth', variable: 'DATABASE_URL_AUTH', more: referenced },
  specs: { name: 'socrates_specs', folder: 'db-specs', variable: 'DATABASE_URL_SPECS', more: referencing },
} as const

/** A catalog of its own: the histories of this repository with the attack's tables on top. */
export interface Project {
  readonly directory: string
  /** What references are read from. */
  readonly schemas: readonly { readonly name: string; readonly schemaFile: string }[]
  remove(): Promise<void>
}

/** @param guarded whether capture and fence are installed */
export async function makeProject(guarded: boolean): Promise<Project> {
  const directory = await mkdtemp(join(tmpdir(), 'manybase-attack-project-'))
  const schemas: { name: string; schemaFile: string }[] = []
  for (const { name: database, folder, more } of Object.values(databases)) {
    const place = join(directory, folder)
    await cp(join(root, 'packages', folder), place, {
      recursive: true,
      filter: (path) => !['node_modules', 'generated'].includes(basename(path)),
    })
    await symlink(join(root, 'packages', folder, 'node_modules'), join(place, 'node_modules'), 'dir')
    for (const { name, up, down } of more.revisions) {
      const revision = join(place, 'prisma/migrations', name)
      await mkdir(revision)
      await writeFile(join(revision, 'migration.sql'), up)
      if (down) await writeFile(join(revision, 'down.sql'), down)
    }
    const schemaFile = join(place, 'prisma/schema.prisma')
    await writeFile(schemaFile, (await readFile(schemaFile, 'utf8')) + more.models)
    schemas.push({ name: database, schemaFile })
  }
  await symlink(join(root, 'node_modules'), join(directory, 'node_modules'), 'dir')
  await writeFile(
    join(directory, 'package.json'),
    '{ "name": "attacked", "private": true, "type": "module" }\n',
  )
  await writeFile(join(directory, 'databases.config.ts'), catalog(guarded))
  return { directory, schemas, remove: () => rm(directory, { recursive: true, force: true }) }
}

const moduleOf = (path: string) => JSON.stringify(join(root, 'packages', path))

const catalog = (guarded: boolean): string => `
import { referenceIntegrity } from ${moduleOf('app-validation/src/migrate.ts')}
import { defineDatabases, fromVariable } from ${moduleOf('migrator/src/config.ts')}

export default defineDatabases({
  integrity: referenceIntegrity({ install: ${guarded} }),
  databases: {
${Object.values(databases)
  .map(
    ({ name, folder, variable }) =>
      `    ${name}: { directory: '${folder}', url: fromVariable('${variable}') },`,
  )
  .join('\n')}
  },
})
`
